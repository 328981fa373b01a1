import type { Exchange } from '../../exchange.ts'
import type { HeaderList } from '../../http1/header-list.ts'
import type { Plugin } from '../../plugin.ts'
import { toBytes } from '../../router/normalise.ts'
import { type Pair, parsePairs } from '../pairs.ts'
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
      remove: parsePairs(remove.headers).map(({ name }) => name.toLowerCase()),
      rename: parsePairs(rename.headers),
      replace: parsePairs(replace.headers.map(toBytes)),
      add: parsePairs(add.headers.map(toBytes)),
      append: parsePairs(append.headers.map(toBytes)),
    },
    json: changesBodies ? json : undefined,
  }
}

const JSON_TYPE = /(?:^|,)\s*application\/json\s*(?:[;,]|$)/i
const isJson = (headers: HeaderList) => JSON_TYPE.test(headers.get('content-type') ?? '')

/** What has arrived of bodies that can only be changed as a whole. */
const arrived = new WeakMap<Exchange, Buffer[]>()
const NOTHING = Buffer.alloc(0)

export const handler: Plugin<Config, Prepared> = {
  name: 'response-transformer',
  priority: 800,
  prepare,
  filtersBody: ({ json }) => json !== undefined,

  headerFilter({ headers: { remove, rename, replace, add, append }, json }, { response: { headers } }) {
    for (const key of remove) headers.delete(key)
    for (const { name, value: newName } of rename) renameHeader(headers, name.toLowerCase(), newName)
    for (const { name, value } of replace)
      if (value !== undefined && headers.has(name.toLowerCase())) headers.set(name, value)
    for (const { name, value } of add)
      if (value !== undefined && !headers.has(name.toLowerCase())) headers.set(name, value)
    for (const { name, value } of append) if (value !== undefined) headers.append(name, value)
    if (json !== undefined && isJson(headers)) headers.delete('content-length')
  },

  bodyFilter({ json }, exchange, piece, last) {
    if (json === undefined || !isJson(exchange.response.headers)) return piece
    const pieces = arrived.get(exchange) ?? []
    pieces.push(piece)
    arrived.set(exchange, pieces)
    return last ? transformJson(json, Buffer.concat(pieces)) : NOTHING
  },
}

function renameHeader(headers: HeaderList, key: string, newName: string | undefined): void {
  const found = headers.getAll(key)
  if (newName === undefined || found.length === 0) return
  headers.delete(key)
  headers.delete(newName.toLowerCase())
  for (const value of found) headers.append(newName, value)
}
