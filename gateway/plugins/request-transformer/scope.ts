import type { Exchange, RouteMatch } from '../../exchange.ts'
import type { HeaderList } from '../../http1/header-list.ts'
import { CONNECTION } from '../../request-fields.ts'
import { fromBytes, toBytes } from '../../router/normalise.ts'
import { parseArguments } from '../arguments.ts'
import { fieldValues } from '../field-values.ts'
import { oneOrList, type Table, type Value } from './lua-values.ts'
import type { TemplateScope } from './template.ts'

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

function headersOf({ upstream, request }: Exchange): Table {
  const fields: HeaderList = upstream.headers.without(new Set(CONNECTION))
  for (const key of CONNECTION)
    for (const value of request.headers.getAll(key))
      fields.add(key, key, key === 'host' ? (upstream.host ?? value) : value)
  return { get: (key) => (typeof key === 'string' ? oneOrList(fieldValues(fields, key)) : undefined) }
}

function queryOf({ upstream }: Exchange): Table {
  const query = parseArguments(upstream.query)
  const values = (name: string) =>
    (query.get(fromBytes(name)) ?? []).map((value) => (value === true ? value : toBytes(value)))
  return { get: (key) => (typeof key === 'string' ? oneOrList(values(key)) : undefined) }
}

/** Groups by name or number; 0 is all that the path's regex has taken. */
function capturesOf(match: RouteMatch | undefined): Table {
  const { captures = {}, groups = [] } = match ?? {}
  const get = (key: string | number): Value =>
    typeof key === 'number' ? groups[key] : Object.hasOwn(captures, key) ? captures[key] : undefined
  return { get }
}
