import type { Pair } from '../pairs.ts'

export type JsonType = 'boolean' | 'number' | 'string'

/** A value as it will stand in the body; undefined when it is none of its type. */
export type JsonValue = string | number | boolean | undefined

export interface JsonChanges {
  remove: readonly string[]
  rename: readonly Pair[]
  replace: readonly { name: string; value: JsonValue }[]
  add: readonly { name: string; value: JsonValue }[]
  append: readonly { name: string; value: JsonValue }[]
}

/** A name without a value gets the word null. Backslashes and control characters are written escaped, and stay so. */
export function castValue(declared: string | undefined, type: JsonType = 'string'): JsonValue {
  const value = JSON.stringify(declared ?? 'null')
    .slice(1, -1)
    .replaceAll('\\"', '"')
  if (type === 'string') return value
  if (type === 'boolean') return value === 'true'
  const number = Number(value)
  return Number.isNaN(number) ? undefined : number
}

/** As Lua sees it: only what is absent, or false, makes room for a value. */
const isThere = (value: unknown) => value !== undefined && value !== false

/** The body with the changes made; itself where it is no JSON object. */
export function transformJson(changes: JsonChanges, body: Buffer): Buffer {
  const fields = parseObject(body)
  if (fields === undefined) return body
  for (const name of changes.remove) delete fields[name]
  for (const { name, value: newName } of changes.rename) {
    if (newName === undefined || !Object.hasOwn(fields, name)) continue
    put(fields, newName, fields[name])
    delete fields[name]
  }
  for (const { name, value } of changes.replace)
    if (value !== undefined && isThere(own(fields, name))) put(fields, name, value)
  for (const { name, value } of changes.add)
    if (value !== undefined && !isThere(own(fields, name))) put(fields, name, value)
  for (const { name, value } of changes.append)
    if (value !== undefined) put(fields, name, appended(own(fields, name), value))
  return Buffer.from(JSON.stringify(fields))
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString())
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}

const own = (fields: Record<string, unknown>, name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined)

/** Assignment would set the prototype where the name is `__proto__`. */
function put(fields: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
}

/** What is appended to an object is its field 1, as a table of Lua's counts; an empty one is as good as a list. */
export function appended(current: unknown, value: JsonValue): unknown {
  if (Array.isArray(current)) return [...current, value]
  if (typeof current === 'string') return [current, value]
  const isObject = typeof current === 'object' && current !== null && Object.keys(current).length > 0
  return isObject ? { ...current, 1: value } : [value]
}
