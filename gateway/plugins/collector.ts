import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** For tests: a server that takes what plugins send. */
export interface Collector {
  url: string
  received: Received[]
  /** The statuses of the next answers; 200 where there are none. */
  statuses: number[]
  /** Resolves when so many deliveries have come, or what the test counts has; rejects after five seconds. */
  arrived(count: number, counted?: () => number): Promise<void>
  stop(): Promise<void>
}

export interface Received {
  method: string | undefined
  url: string | undefined
  headers: IncomingHttpHeaders
  json: unknown
}

const PATIENCE = 5_000

export async function startCollector(): Promise<Collector> {
  const received: Received[] = []
  const statuses: number[] = []
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request
    received.push({ method, url, headers, json: await json(request) })
    response.writeHead(statuses.shift() ?? 200).end()
    server.emit('delivery')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    statuses,
    async arrived(count, counted = () => received.length) {
      const signal = AbortSignal.timeout(PATIENCE)
      while (counted() < count) await once(server, 'delivery', { signal })
    },
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
