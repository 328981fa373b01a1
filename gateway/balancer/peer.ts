import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { Service } from '../entities.ts'
import type { Trust } from './trust.ts'

/** How to speak TLS with a peer. */
export interface TlsOptions extends Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'checkServerIdentity'> {
  servername: string
  rejectUnauthorized: boolean
}

/** Where one try of a request goes. */
export interface Peer {
  ip: string
  port: number
  /** Undefined over plain TCP. */
  tls: TlsOptions | undefined
  /** Connections to peers of the same key are interchangeable. */
  key: string
  /** What the Host header says unless the route preserves the client's. */
  host: string
}

/** `refused`: nothing of the request has reached the peer. */
export type TryFailure = 'refused' | 'failure' | 'timeout'

/** The peers of one request, try by try. */
export interface Peers {
  /** Where the next try goes; throws or rejects with NoPeer when it can go nowhere. */
  next(): Peer | Promise<Peer>
  /** The try has failed, and another one follows. */
  failed(how: TryFailure): void
  /** No more is asked of the last peer. `status`: what the client has been told; undefined where it did not wait. */
  ended(status: number | undefined): void
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

interface Address {
  ip: string
  port: number
  /** For the Host header, and for TLS where nothing else is named there. */
  hostname: string
  servername?: string
}

export type PeerAt = (address: Address) => Peer

/** Gives the peers of a service, each made once. `trust`: what its TLS connections are to prove and to show. */
export function peersOf(service: Service, trust: Trust): PeerAt {
  const made = new Map<string, Peer>()
  return (address) => {
    // Clients may choose from any number of names.
    if (address.servername !== undefined) return createPeer(service, address, trust)
    const key = `${address.ip} ${address.port} ${address.hostname}`
    const known = made.get(key)
    if (known) return known
    const peer = createPeer(service, address, trust)
    made.set(key, peer)
    return peer
  }
}

function createPeer(
  { protocol }: Service,
  { ip, port, hostname, servername = hostname }: Address,
  { id, options }: Trust,
): Peer {
  const secure = protocol === 'https'
  const isDefaultPort = port === (secure ? 443 : 80)
  return {
    ip,
    port,
    // RFC 6066 §3: an address is no server name.
    tls: secure ? { ...options, servername: isIP(servername) === 0 ? servername : '' } : undefined,
    key: secure ? `${ip}|${port}|${servername}|${id}` : `${ip}|${port}`,
    host: isDefaultPort ? hostname : `${hostname}:${port}`,
  }
}
