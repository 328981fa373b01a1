import type { Exchange } from '../../exchange.ts'
import type { HeaderList } from '../../http1/header-list.ts'
import type { Plugin } from '../../plugin.ts'
import { toBytes } from '../../router/normalise.ts'
import { answerField, fieldValue, fieldValues } from '../field-values.ts'
import { type Pair, parsePairs } from '../pairs.ts'
import { parseMediaType } from '../proxy-cache/media-type.ts'
import { castValue, type JsonChanges, type JsonType, transformJson } from './transform-json.ts'

interface Written {
  json: string[]
  json_types: JsonType[]
  headers: string[]
}

interface Config {
  remove: { json: string[]; headers: string[] }
  rename: { json: string[]; headers: string[] }
  replace: Written
  add: Written
  append: Written
}

interface Prepared {
  headers: { remove: string[]; rename: Pair[]; replace: Pair[]; add: Pair[]; append: Pair[] }
  /** Undefined when bodies are left as they are. */
  json: JsonChanges | undefined
}

const values = ({ json, json_types }: Written) =>
  parsePairs(json).map(({ name, value }, at) => ({ name, value: castValue(value, json_types[at]) }))

const named = (texts: string[]): Pair[] => parsePairs(texts.map(toBytes))

function prepare({ remove, rename, replace, add, append }: Config): Prepared {
  const changesBodies = [remove, rename, replace, add, append].some(({ json }) => json.length > 0)
  const json = {
    remove: parsePairs(remove.json).map(({ name }) => name),
    rename: parsePairs(rename.json),
    replace: values(replace),
    add: values(add),
    append: values(append),
  }
  return {
    headers: {
      remove: named(remove.headers).map(({ name }) => answerField(name).toLowerCase()),
      rename: named(rename.headers),
      replace: named(replace.headers),
      add: named(add.headers),
      append: named(append.headers),
    },
    json: changesBodies ? json : undefined,
  }
}

/** `application/json`, or another type that is written in it. */
const isJson = (headers: HeaderList): boolean =>
  (headers.get('content-type') ?? '').split(',').some((text) => {
    const { type, subtype = '' } = parseMediaType(text.trim()) ?? {}
    return type === 'application' && (subtype === 'json' || subtype.endsWith('+json'))
  })

/** What has arrived of bodies that can only be changed as a whole. */
const arrived = new WeakMap<Exchange, Buffer[]>()
const NOTHING = Buffer.alloc(0)
const NONE: ReadonlySet<string> = new Set()

export const handler: Plugin<Config, Prepared> = {
  name: 'response-transformer',
  priority: 800,
  prepare,
  filtersBody: ({ json }) => json !== undefined,

  headerFilter({ headers: { remove, rename, replace, add, append }, json }, { response: { headers } }) {
    // Every step asks what there was at first: what is removed is not added again, what a rename has brought is added over.
    const before = headers.without(NONE)
    const had = (name: string) => fieldValue(before, name) !== undefined
    for (const key of remove) headers.delete(key)
    for (const { name, value: newName } of rename)
      if (newName !== undefined) moveField(headers, fieldValues(before, name), answerField(name), answerField(newName))
    for (const { name, value } of replace) if (value !== undefined && had(name)) headers.set(answerField(name), value)
    for (const { name, value } of add) if (value !== undefined && !had(name)) headers.set(answerField(name), value)
    for (const { name, value } of append) if (value !== undefined) appendField(headers, answerField(name), value)
    if (json !== undefined && isJson(before)) headers.delete('content-length')
  },

  bodyFilter({ json }, exchange, piece, last) {
    if (json === undefined || !isJson(exchange.response.headers)) return piece
    const pieces = arrived.get(exchange) ?? []
    pieces.push(piece)
    arrived.set(exchange, pieces)
    return last ? transformJson(json, Buffer.concat(pieces)) : NOTHING
  },
}

/** Of which nginx has one line at most: what is appended takes its place. */
const SINGLE = new Set([
  'accept-ranges',
  'content-encoding',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'refresh',
  'server',
])

function appendField(headers: HeaderList, name: string, value: string): void {
  if (SINGLE.has(name.toLowerCase())) headers.set(name, value)
  else headers.append(name, value)
}

/** A field that gets its own name once more is gone afterwards. */
function moveField(headers: HeaderList, values: string[], name: string, newName: string): void {
  if (values.length === 0) return
  headers.delete(newName.toLowerCase())
  for (const value of values) headers.append(newName, value)
  headers.delete(name.toLowerCase())
}
