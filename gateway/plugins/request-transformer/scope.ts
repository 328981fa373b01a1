import type { Exchange, RouteMatch } from '../../exchange.ts'
import type { HeaderList } from '../../http1/header-list.ts'
import { parseArguments } from '../arguments.ts'
import { fieldValues } from '../field-values.ts'
import type { TemplateScope } from './lua-expression.ts'
import { oneOrList, type Table, type Value } from './lua-values.ts'

/** What templates speak of. Each part is as it was when a template first asked for it. */
export function scopeOf(exchange: Exchange): TemplateScope {
  let headers: Table | undefined
  let query: Table | undefined
  return {
    get headers() {
      headers ??= headersOf(exchange)
      return headers
    },
    get query_params() {
      query ??= queryOf(exchange)
      return query
    },
    uri_captures: capturesOf(exchange.match),
  }
}

/** Fields that are the proxy's own to write, of which templates may speak all the same. */
const NOT_FORWARDED = ['host', 'content-length']

function headersOf({ upstream, request }: Exchange): Table {
  const fields: HeaderList = upstream.headers.without(new Set())
  for (const key of NOT_FORWARDED) {
    const value = key === 'host' ? (upstream.host ?? request.headers.get(key)) : request.headers.get(key)
    if (value !== undefined) fields.add(key, key, value)
  }
  return { get: (key) => (typeof key === 'string' ? oneOrList(fieldValues(fields, key)) : undefined) }
}

function queryOf({ upstream }: Exchange): Table {
  const query = parseArguments(upstream.query)
  return { get: (key) => (typeof key === 'string' ? oneOrList(query.get(key) ?? []) : undefined) }
}

/** Groups by name or number; 0 is all that the path's regex has taken. */
function capturesOf(match: RouteMatch | undefined): Table {
  const { captures = {}, groups = [] } = match ?? {}
  const get = (key: string | number): Value =>
    typeof key === 'number' ? groups[key] : Object.hasOwn(captures, key) ? captures[key] : undefined
  return { get }
}
