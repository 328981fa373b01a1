import type { UpstreamRequest } from '../../exchange.ts'
import { fieldValue, fieldValues } from '../field-values.ts'
import { type Part, textPart } from '../multipart.ts'
import { appended } from '../response-transformer/transform-json.ts'
import type { Changes } from './prepare.ts'

/**
 * Host can be replaced, or renamed to, and nothing else. A declared name with underscores finds a header that has dashes in
 * their place, but what is written under that name stands beside it.
 */
export function transformHeaders(changes: Changes, upstream: UpstreamRequest): void {
  const { headers } = upstream
  for (const name of changes.remove) if (!isHost(name)) headers.delete(name.toLowerCase())
  const write = (name: string, values: readonly string[]) => {
    headers.delete(name.toLowerCase())
    for (const value of values) headers.append(name, value)
  }
  for (const { name, value: newName } of changes.rename) {
    const found = fieldValues(headers, name)
    if (found.length === 0) continue
    headers.delete(name.toLowerCase())
    if (isHost(newName)) upstream.host = found[0]
    else write(newName, found)
  }
  for (const { name, value } of changes.replace)
    if (isHost(name)) upstream.host = value
    else if (fieldValue(headers, name) !== undefined) headers.set(name, value)
  for (const { name, value } of changes.add)
    if (!isHost(name) && fieldValue(headers, name) === undefined) headers.set(name, value)
  for (const { name, value } of changes.append) if (!isHost(name)) write(name, [...fieldValues(headers, name), value])
}

const isHost = (name: string) => name.toLowerCase() === 'host'

/** How the fields of one kind of body, or of a query, hold values. */
interface Holder<Value> {
  /** Whether there is something, as Lua sees it. */
  isThere(value: Value | undefined): boolean
  written(text: string): Value
  appended(current: Value | undefined, text: string): Value
}

/** Of a query or a form. */
export const ARGUMENTS: Holder<(string | true)[]> = {
  isThere: (values) => values !== undefined,
  written: (text) => [text],
  appended: (values = [], text) => [...(values.length === 1 && values[0] === true ? [] : values), text],
}

export const JSON_FIELDS: Holder<unknown> = {
  isThere: (value) => value !== undefined && value !== false,
  written: (text) => text,
  appended,
}

/** Whether anything was done. What is removed from a body counts, whether it was there or not. */
export function transformFields<Value>(
  changes: Changes,
  fields: Map<string, Value>,
  holder: Holder<Value>,
  fromEmpty = false,
): boolean {
  const { isThere } = holder
  let changed = changes.remove.length > 0 && !fromEmpty
  for (const name of changes.remove) fields.delete(name)
  for (const { name, value: newName } of changes.rename) {
    const value = fields.get(name)
    if (!isThere(value) || name === newName) continue
    fields.set(newName, value as Value)
    fields.delete(name)
    changed = true
  }
  const write = (name: string, value: Value) => {
    fields.set(name, value)
    changed = true
  }
  for (const { name, value } of changes.replace) if (isThere(fields.get(name))) write(name, holder.written(value))
  for (const { name, value } of changes.add) if (!isThere(fields.get(name))) write(name, holder.written(value))
  for (const { name, value } of changes.append) write(name, holder.appended(fields.get(name), value))
  return changed
}

/** Kong appends nothing to multipart forms; what it writes goes to their end. Gives the new parts, if there are any. */
export function transformParts(changes: Changes, before: readonly Part[]): Part[] | undefined {
  let parts = [...before]
  let changed = changes.remove.length > 0 && before.length > 0
  const at = (name: string) => parts.findLastIndex((part) => part.name === name)
  const write = (without: string, part: Part) => {
    parts = [...parts.filter((_, index) => index !== at(without)), part]
    changed = true
  }
  for (const { name, value: newName } of changes.rename) {
    const found = parts[at(name)]
    if (!found || name === newName) continue
    const renamed = { ...textPart(newName, ''), value: found.value }
    if (at(newName) < 0) write(name, renamed)
    else parts = parts.with(at(newName), renamed).filter((part) => part !== found)
    changed = true
  }
  for (const name of changes.remove) parts = parts.filter((_, index) => index !== at(name))
  for (const { name, value } of changes.replace) if (at(name) >= 0) write(name, textPart(name, value))
  for (const { name, value } of changes.add) if (at(name) < 0) write(name, textPart(name, value))
  return changed ? parts : undefined
}
