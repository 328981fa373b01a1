import type { Handshake } from './proxy-exchange.ts'

/** Where a client has come in. */
export interface Entry {
  port: number
  /** Undefined over plain TCP. */
  tls?: Handshake
  /** What every request is answered with that comes in here, if any may. */
  refusal?: number
}

/** An IPv4 client of a socket that speaks both is known by its IPv4 address. */
export function plainAddress(address = ''): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}
