import type { HeaderList } from '../http1/header-list.ts'
import { connectionOf } from '../http1/keep-alive.ts'

/** Fields that concern one connection only, or that the proxy writes itself from what the connection is. */
const REQUEST = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])
/** X-Accel-* and X-Pad are orders to nginx itself. */
const RESPONSE = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'x-accel-buffering',
  'x-accel-charset',
  'x-accel-expires',
  'x-accel-limit-rate',
  'x-accel-redirect',
  'x-pad',
])

/** The client's fields that may travel on. */
export function forwardedRequestFields(fields: HeaderList): HeaderList {
  return fields.without(withNamed(REQUEST, connectionOf(fields)))
}

/** The upstream's fields that may travel on; `Trailer` only to a client that takes trailers. */
export function forwardedResponseFields(fields: HeaderList, trailers: boolean): HeaderList {
  const kept = fields.without(withNamed(RESPONSE, connectionOf(fields)))
  if (!trailers) kept.delete('trailer')
  return kept
}

/** RFC 9110 §7.6.1: Connection names further fields of its own connection. */
function withNamed(always: ReadonlySet<string>, connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return always
  const named = connection.split(',').map((name) => name.trim().toLowerCase())
  return new Set([...always, ...named])
}
