import { createHash } from 'node:crypto'
import type { Exchange } from '../../exchange.ts'
import { parseArguments } from '../arguments.ts'

export interface Variance {
  ignore_uri_case: boolean
  vary_query_params: string[] | null
  vary_headers: string[] | null
}

/** One value as it is, several in an order that does not depend on the client's. */
const joined = (values: readonly (string | true)[]): string =>
  values.length === 1 && values[0] === true ? '' : `=${values.map(String).sort().join(',')}`

/** What may not differ between two requests that get the same answer: who asks, on which route, and for what. */
export function cacheKey({ ignore_uri_case, vary_query_params, vary_headers }: Variance, exchange: Exchange): string {
  const { method, target, query, headers } = exchange.request
  const uri = target.split('?', 1)[0] as string
  const given = parseArguments(query)
  const names = vary_query_params?.length ? vary_query_params : [...given.keys()].sort()
  const parameters = names.flatMap((name) => (given.has(name) ? [name + joined(given.get(name) ?? [])] : []))
  const fields = (vary_headers ?? []).flatMap((name) => {
    const values = headers.getAll(name.toLowerCase().replaceAll('_', '-'))
    return values.length > 0 ? [name + joined(values)] : []
  })
  const parts = [
    exchange.consumer?.id ?? '',
    exchange.match?.route.id ?? '',
    method,
    ignore_uri_case ? uri.toLowerCase() : uri,
    parameters.join(':'),
    fields.join(':'),
  ]
  return createHash('sha256').update(parts.join('|')).digest('hex')
}
