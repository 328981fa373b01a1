import type { Exchange } from '../exchange.ts'
import { fieldValue } from './field-values.ts'

/** `custom_fields_by_lua`: what Lua returns for a field of the log entry, by the field's name; dots lead into inner tables. */
export type DeclaredFields = Record<string, string> | null

type FieldValue = string | number | boolean | undefined
export type CustomFields = readonly { path: string[]; value: (exchange: Exchange) => FieldValue }[]

const QUOTED = `(?:"([^"\\\\]*)"|'([^'\\\\]*)')`
const LITERAL = new RegExp(`^\\s*return\\s+(?:(nil|true|false)|(-?\\d+(?:\\.\\d+)?)|${QUOTED})\\s*;?\\s*$`)
const HEADER = new RegExp(`^\\s*return\\s+kong\\.(request|response)\\.get_header\\(\\s*${QUOTED}\\s*\\)\\s*;?\\s*$`)

const WORDS: Record<string, FieldValue> = { nil: undefined, true: true, false: false }

/**
 * There is no Lua here. Of what it is used for in logs this knows how to leave a field out (`return nil`), to set it to a
 * literal, and to a header of the request or the answer. Undefined for anything else.
 */
function compile(code: string): ((exchange: Exchange) => FieldValue) | undefined {
  const literal = LITERAL.exec(code)
  if (literal !== null) {
    const [, word, number, double, single] = literal
    const value = word === undefined ? (number === undefined ? (double ?? single) : Number(number)) : WORDS[word]
    return () => value
  }
  const [, side, double, single] = HEADER.exec(code) ?? []
  const name = double ?? single
  if (name === undefined) return undefined
  return ({ upstream, response }) => fieldValue(side === 'request' ? upstream.headers : response.headers, name)
}

export function customFieldError(code: string): string | undefined {
  return compile(code) ? undefined : 'this gateway runs no Lua but `return` with nil, a literal, or a header'
}

export const customFields = (declared: DeclaredFields): CustomFields =>
  Object.entries(declared ?? {}).flatMap(([name, code]) => {
    const value = compile(code)
    return value ? [{ path: name.split('.'), value }] : []
  })

type Entry = Record<string, unknown>

/** Sets the fields in their order; an inner table that is not there is made. */
export function setCustomFields(entry: Entry, fields: CustomFields, exchange: Exchange): Entry {
  for (const { path, value } of fields) {
    let table = entry
    for (const key of path.slice(0, -1)) {
      table[key] ??= {}
      if (typeof table[key] !== 'object') throw new TypeError(`the field '${key}' of log entries has no inner fields`)
      // What is logged may be shared with other entries: a changed table is a new one.
      table[key] = { ...(table[key] as Entry) }
      table = table[key] as Entry
    }
    table[path.at(-1) as string] = value(exchange)
  }
  return entry
}
