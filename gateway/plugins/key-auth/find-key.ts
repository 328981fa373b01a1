import type { Exchange } from '../../exchange.ts'
import { parseArguments } from '../arguments.ts'
import { type ParsedBody, readBody, replaceBody } from '../request-body.ts'

export interface Places {
  key_names: string[]
  key_in_header: boolean
  key_in_query: boolean
  key_in_body: boolean
  hide_credentials: boolean
}

/** `duplicate`: the request brings several values under one name. */
export type FoundKey = { name: string; key: string } | 'duplicate' | undefined

/** A longer body is not searched. */
const BODY_LIMIT = 1024 * 1024

/** The first key that a request brings; names go by the order of the config, places by header, query, body. */
export function findKey(places: Places, exchange: Exchange, body?: ParsedBody): FoundKey {
  const { headers, query } = exchange.request
  const given = places.key_in_query && query ? parseArguments(query) : undefined
  for (const name of places.key_names) {
    const inHeader = places.key_in_header ? headerValues(headers, name) : []
    const values = inHeader.length > 0 ? inHeader : (given?.get(name) ?? inBody(body, name))
    if (values.length > 1) return 'duplicate'
    const [key] = values
    if (typeof key === 'string') return { name, key }
  }
  return undefined
}

/** A name with underscores also finds the header that has dashes in their place. */
function headerValues(headers: Exchange['request']['headers'], name: string): string[] {
  const key = name.toLowerCase()
  const values = headers.getAll(key)
  return values.length > 0 || !key.includes('_') ? values : headers.getAll(key.replaceAll('_', '-'))
}

function inBody(body: ParsedBody | undefined, name: string): unknown[] {
  switch (body?.kind) {
    case 'form':
      return body.fields.get(name) ?? []
    case 'json':
      return Object.hasOwn(body.fields, name) ? [body.fields[name]].flat() : []
    case 'multipart':
      return body.fields.getAll(name)
    default:
      return []
  }
}

export async function readKeyBody({ key_in_body }: Places, exchange: Exchange): Promise<ParsedBody | undefined> {
  const { contentLength = 0 } = exchange.request
  return key_in_body && contentLength <= BODY_LIMIT ? await readBody(exchange, BODY_LIMIT) : undefined
}

/** Removes the key from what goes upstream. The query is written anew, as a browser would write it. */
export async function hideKey(exchange: Exchange, name: string, body?: ParsedBody): Promise<void> {
  const { upstream } = exchange
  upstream.headers.delete(name.toLowerCase())
  if (upstream.query) {
    const query = new URLSearchParams(upstream.query)
    query.delete(name)
    upstream.query = query.toString() || undefined
  }
  if (body === undefined) return
  if (body.kind === 'json') delete body.fields[name]
  else body.fields.delete(name)
  await replaceBody(exchange, body)
}
