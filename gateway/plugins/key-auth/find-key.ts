import type { Exchange } from '../../exchange.ts'
import { parseArguments } from '../arguments.ts'
import { fieldValues } from '../field-values.ts'
import { type Part, partValues } from '../multipart.ts'
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
    const inHeader = places.key_in_header ? fieldValues(headers, name) : []
    const values = inHeader.length > 0 ? inHeader : (given?.get(name) ?? inBody(body, name))
    if (values.length > 1) return 'duplicate'
    const [key] = values
    if (typeof key === 'string') return { name, key }
  }
  return undefined
}

function inBody(body: ParsedBody | undefined, name: string): unknown[] {
  switch (body?.kind) {
    case 'form':
      return body.fields.get(name) ?? []
    case 'json':
      return inJson(body.fields, name)
    case 'multipart':
      return partValues(body.parts, name)
    default:
      return []
  }
}

/** A list or an object counts as several keys, whatever is in it; null is no value. */
function inJson(fields: Record<string, unknown>, name: string): unknown[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : null
  if (typeof value !== 'object') return [value]
  return value === null ? [] : [value, value]
}

export async function readKeyBody({ key_in_body }: Places, exchange: Exchange): Promise<ParsedBody | undefined> {
  const { contentLength = 0 } = exchange.request
  return key_in_body && contentLength <= BODY_LIMIT ? await readBody(exchange, BODY_LIMIT) : undefined
}

/** Removes the key from what goes upstream. The query is written anew, as a browser would write it. */
export function hideKey(exchange: Exchange, name: string, body?: ParsedBody): void {
  const { upstream } = exchange
  upstream.headers.delete(name.toLowerCase())
  if (upstream.query) {
    const query = new URLSearchParams(upstream.query)
    query.delete(name)
    // Where nothing is left, the `?` stays, as Kong has it.
    upstream.query = query.toString()
  }
  if (body === undefined) return
  if (body.kind === 'json') delete body.fields[name]
  else if (body.kind === 'form') body.fields.delete(name)
  else body.parts = withoutPart(body.parts, name)
  replaceBody(exchange, body)
}

/** In the order of the names, as Kong writes a form that it has changed. */
const withoutPart = (parts: readonly Part[], name: string): Part[] =>
  parts.filter((part) => part.name !== name).sort((a, b) => (a.name < b.name ? -1 : 1))
