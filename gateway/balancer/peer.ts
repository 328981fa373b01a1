import { isIP } from 'node:net'
import type { Service } from '../entities.ts'

/** Where one try of a request goes. */
export interface Peer {
  ip: string
  port: number
  /** Server name for TLS; undefined over plain TCP. */
  tls: { serverName: string; verify: boolean } | undefined
  /** Connections to peers of the same key are interchangeable. */
  key: string
  /** What the Host header says unless the route preserves the client's. */
  host: string
}

/** No try can be made; Kong's status and words. */
export class NoPeer extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'NoPeer'
    this.status = status
  }
}

export function createPeer(service: Service, ip: string, port: number, hostname: string): Peer {
  const { protocol } = service
  const isDefaultPort = port === (protocol === 'https' ? 443 : 80)
  const verify = service.tls_verify ?? false
  return {
    ip,
    port,
    // RFC 6066 §3: an address is no server name.
    tls: protocol === 'https' ? { serverName: isIP(hostname) === 0 ? hostname : '', verify } : undefined,
    key: protocol === 'https' ? `${ip}|${port}|${hostname}|${verify}` : `${ip}|${port}`,
    host: isDefaultPort ? hostname : `${hostname}:${port}`,
  }
}
