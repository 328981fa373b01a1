import { randomUUID } from 'node:crypto'
import type { HashKey, Upstream } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import type { HeaderList } from '../http1/header-list.ts'

/** What consistent hashing goes by for this request: Kong's `hash_on`, or its fallback; all requests without a value go one way. */
export function hashValue(upstream: Upstream, exchange: Exchange): string {
  const { hash_on, hash_fallback } = upstream
  return (
    valueBy(hash_on, exchange, upstream, {
      header: upstream.hash_on_header,
      queryArg: upstream.hash_on_query_arg,
      capture: upstream.hash_on_uri_capture,
    }) ??
    valueBy(hash_fallback, exchange, upstream, {
      header: upstream.hash_fallback_header,
      queryArg: upstream.hash_fallback_query_arg,
      capture: upstream.hash_fallback_uri_capture,
    }) ??
    ''
  )
}

interface Names {
  header: string | null
  queryArg: string | null
  capture: string | null
}

function valueBy(key: HashKey, exchange: Exchange, upstream: Upstream, names: Names): string | undefined {
  const { request, consumer, credential, client, match } = exchange
  switch (key) {
    case 'none':
      return undefined
    case 'consumer':
      return consumer?.id ?? credential?.id
    case 'ip':
      return client.ip
    case 'header':
      return joined(request.headers.getAll((names.header ?? '').toLowerCase()), ', ')
    case 'cookie':
      return cookie(request.headers, upstream.hash_on_cookie ?? '') ?? newCookie(exchange, upstream)
    case 'path':
      return request.path
    case 'query_arg':
      return queryArg(request.query, names.queryArg ?? '')
    case 'uri_capture':
      return match?.captures[names.capture ?? '']
  }
}

function cookie(headers: HeaderList, name: string): string | undefined {
  const pairs = headers.getAll('cookie').flatMap((line) => line.split(';'))
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}

/** A client without the cookie gets one, so that it comes back to where it goes now. */
function newCookie(exchange: Exchange, { hash_on_cookie, hash_on_cookie_path }: Upstream): string {
  const value = randomUUID()
  // Kong spells the attribute so, and no browser knows it by this name; SameSite=Lax is what browsers assume anyway.
  exchange.stickyCookie = `${hash_on_cookie}=${value}; Path=${hash_on_cookie_path}; Same-Site=Lax; HttpOnly`
  return value
}

/** Several values are one, whatever their order. */
function queryArg(query: string | undefined, name: string): string | undefined {
  return joined(new URLSearchParams(query).getAll(name).sort(), ',')
}

function joined(values: string[], separator: string): string | undefined {
  return values.length > 0 ? values.join(separator) : undefined
}
