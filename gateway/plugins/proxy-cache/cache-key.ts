import { createHash } from 'node:crypto'
import type { Exchange } from '../../exchange.ts'
import { requestFields } from '../../request-fields.ts'
import { parseArguments } from '../arguments.ts'
import { fieldValues } from '../field-values.ts'

export interface Variance {
  ignore_uri_case: boolean
  vary_query_params: string[] | null
  vary_headers: string[] | null
}

/** One value as it is, several in an order that does not depend on the client's. */
const joined = (values: readonly (string | true)[]): string =>
  values.length === 1 && values[0] === true ? '' : `=${values.map(String).sort().join(',')}`

/**
 * What may not differ between two requests that get the same answer: who asks, on which route, and for what, in Kong's words.
 * Of the request line, as the client has sent it, a query takes the protocol with it where it is cut off.
 */
export function cacheKey({ ignore_uri_case, vary_query_params, vary_headers }: Variance, exchange: Exchange): string {
  const { method, query } = exchange.upstream
  const line = `${exchange.request.method} ${exchange.request.target} HTTP/1.1`.replace(/\?.*/, '')
  const given = parseArguments(query)
  const names = vary_query_params?.length ? vary_query_params : [...given.keys()].sort()
  const parameters = names.flatMap((name) => (given.has(name) ? [name + joined(given.get(name) ?? [])] : []))
  const fields = (vary_headers ?? []).flatMap((name) => {
    const values = fieldValues(requestFields(exchange, name.toLowerCase()), name)
    return values.length > 0 ? [name + joined(values)] : []
  })
  const parts = [
    owner(exchange),
    method,
    ignore_uri_case ? line.toLowerCase() : line,
    parameters.join(':'),
    fields.join(':'),
  ]
  return createHash('sha256').update(parts.join('|')).digest('hex')
}

function owner({ consumer, match }: Exchange): string {
  const route = match?.route.id ?? 'default'
  return consumer ? `${consumer.id}:${route}` : route
}
