import { randomUUID } from 'node:crypto'
import type { HashKey, Upstream } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import type { HeaderList } from '../http1/header-list.ts'
import { parseArguments } from '../plugins/arguments.ts'
import { requestFields, variableValues } from '../request-fields.ts'
import { fromBytes } from '../router/normalise.ts'

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
  const { request, upstream: sent, consumer, credential, client, match } = exchange
  switch (key) {
    case 'none':
      return undefined
    case 'consumer':
      return consumer?.id ?? credential?.id
    case 'ip':
      return client.ip
    case 'header':
      return joined(headerValues(exchange, (names.header ?? '').toLowerCase()), ', ')
    case 'cookie':
      return cookie(sent.headers, upstream.hash_on_cookie ?? '') ?? newCookie(exchange, upstream)
    case 'path':
      return decoded(request.path)
    case 'query_arg':
      return queryArg(sent.query, names.queryArg ?? '')
    case 'uri_capture':
      return match?.captures[names.capture ?? '']
  }
}

/** nginx's `$uri`: what Kong's own paths keep encoded is decoded too. */
const decoded = (path: string): string =>
  fromBytes(path.replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))))

/** Kong 3.9 asks nginx for `$http_<name>`, and no variable is called by a dash: such a header counts as missing (kong#14118). */
const headerValues = (exchange: Exchange, name: string): string[] =>
  name.includes('-') ? [] : variableValues(requestFields(exchange, name), name)

/** As nginx's `$cookie_<name>`: the first one, in any letter case. */
function cookie(headers: HeaderList, name: string): string | undefined {
  const pairs = headers.getAll('cookie').flatMap((line) => line.split(/[;,]/))
  const prefix = `${name.toLowerCase()}=`
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.toLowerCase().startsWith(prefix))
  return found?.slice(prefix.length)
}

/** A client without the cookie gets one, so that it comes back to where it goes now. */
function newCookie(exchange: Exchange, { hash_on_cookie, hash_on_cookie_path }: Upstream): string {
  const value = randomUUID()
  // Kong spells the attribute so, and no browser knows it by this name; SameSite=Lax is what browsers assume anyway.
  exchange.stickyCookie = `${hash_on_cookie}=${value}; Path=${hash_on_cookie_path}; Same-Site=Lax; HttpOnly`
  return value
}

/** Several values are one, whatever their order; a name alone is `true`. */
function queryArg(query: string | undefined, name: string): string | undefined {
  return joined((parseArguments(query).get(name) ?? []).map(String).sort(), ',')
}

function joined(values: string[], separator: string): string | undefined {
  return values.length > 0 ? values.join(separator) : undefined
}
