import { luaPattern } from '../../declarative/lua-pattern.ts'
import { apply, number, text, typeOf, type Value } from './lua-values.ts'

/** Where in a text a position is that counts from 1, and from the end where it is negative. */
const startAt = (value: string, from: Value): number => {
  const position = from === undefined ? 1 : number(from)
  return Math.max(1, position < 0 ? value.length + position + 1 : position) - 1
}

function part(value: string, from: Value, to: number): string {
  const start = startAt(value, from)
  return value.slice(start, Math.max(start, to < 0 ? value.length + to + 1 : to))
}

/** The first match at or behind a position. */
function search(value: string, pattern: Value, from: Value): RegExpExecArray | null {
  const start = startAt(value, from)
  const found = luaPattern(text(pattern)).exec(value.slice(start))
  if (found) found.index += start
  return found
}

function find(value: string, wanted: Value, from: Value, plain: Value): Value {
  if (!plain) return position(search(value, wanted, from)?.index)
  return position(value.indexOf(text(wanted), startAt(value, from)))
}

const position = (index = -1): Value => (index < 0 ? undefined : index + 1)

function replace(value: string, pattern: Value, by: Value, most: Value): string {
  let left = most === undefined ? Infinity : number(most)
  const replacement = text(by)
  return value.replace(new RegExp(luaPattern(text(pattern)), 'gs'), (...found: (string | number | undefined)[]) => {
    if (left-- <= 0) return String(found[0])
    return replacement.replace(/%([\d%])/g, (_sign, group) => (group === '%' ? '%' : String(captured(found, group))))
  })
}

/** `%1` is the whole match where the pattern captures nothing. */
const captured = (found: (string | number | undefined)[], group: string) =>
  typeof found[Number(group)] === 'string' ? found[Number(group)] : found[0]

function format(template: string, values: Value[]): string {
  let at = 0
  return template.replace(/%(.?)/g, (_directive, kind: string) => {
    if (kind === '%') return '%'
    const value = values[at++]
    if (kind === 's') return text(value)
    if (kind === 'd') return String(Math.trunc(number(value)))
    throw new TypeError(`no text is formatted by '%${kind}'`)
  })
}

/** Methods of a text: `headers.host:lower()`. Of several results each gives the first. */
const METHODS = new Map<string, (value: string, ...more: Value[]) => Value>([
  ['byte', (value, at) => part(value, at, startAt(value, at) + 1).charCodeAt(0) || undefined],
  ['find', find],
  ['format', (value, ...values) => format(value, values)],
  ['gsub', replace],
  ['len', (value) => value.length],
  ['lower', (value) => value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())],
  ['match', (value, pattern, from) => search(value, pattern, from)?.slice(0, 2).at(-1)],
  ['rep', (value, times) => value.repeat(Math.max(0, number(times)))],
  ['reverse', (value) => [...value].reverse().join('')],
  ['sub', (value, from, to) => part(value, number(from), to === undefined ? -1 : number(to))],
  ['upper', (value) => value.replace(/[a-z]+/g, (letters) => letters.toUpperCase())],
])

/** What indexing gives, of a table or of a text, whose fields are its methods. */
export function member(value: Value, key: Value): Value {
  if (typeof value === 'string') return methodOf(key)
  if (typeof value !== 'object') throw new TypeError(`a ${typeOf(value)} value has no field '${String(key)}'`)
  return typeof key === 'string' || typeof key === 'number' ? value.get(key) : undefined
}

function methodOf(key: Value): Value {
  const method = METHODS.get(String(key))
  return method && ((self, ...values) => method(text(self), ...values))
}

export const call = (receiver: Value, name: string, values: readonly Value[]): Value =>
  apply(member(receiver, name), [receiver, ...values])
