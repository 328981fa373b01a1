import net from 'node:net'
import tls from 'node:tls'
import type { Outcome } from './health.ts'

export interface Probe {
  ip: string
  port: number
  /** Milliseconds. */
  timeout: number
  tls: tls.ConnectionOptions | undefined
  request: string
}

const STATUS_LINE = /^HTTP\/\d+\.\d+\s+(\d+)/
/** A status line that is longer is none. */
const LINE_LIMIT = 4096

/** Asks a target once how it is. */
export function probe({ ip, port, timeout, tls: secure, request }: Probe): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = secure ? tls.connect({ ...secure, host: ip, port }) : net.connect({ host: ip, port })
    const timer = setTimeout(() => finish('timeout'), timeout)
    let line = ''
    function finish(outcome: Outcome) {
      clearTimeout(timer)
      socket.destroy()
      resolve(outcome)
    }
    socket.on(secure ? 'secureConnect' : 'connect', () => socket.write(request))
    socket.on('data', (bytes) => {
      line += bytes.toString('latin1')
      if (line.includes('\n') || line.length > LINE_LIMIT) finish(Number(STATUS_LINE.exec(line)?.[1] ?? 0))
    })
    socket.on('error', () => finish('tcp_failure'))
    socket.on('end', () => finish('tcp_failure'))
  })
}
