import type { UpstreamRequest } from '../../exchange.ts'
import type { Arguments } from '../arguments.ts'
import { appended } from '../response-transformer/transform-json.ts'
import type { Changes } from './prepare.ts'
import type { TemplateScope } from './template.ts'

/** Host can be replaced, and nothing else. */
export function transformHeaders(
  changes: Changes,
  { headers }: UpstreamRequest,
  scope: TemplateScope,
): string | undefined {
  let host: string | undefined
  for (const name of changes.remove) if (!isHost(name)) headers.delete(name.toLowerCase())
  for (const { name, value: newName } of changes.rename) {
    const found = headers.getAll(name.toLowerCase())
    if (found.length === 0) continue
    headers.delete(name.toLowerCase())
    headers.delete(newName.toLowerCase())
    for (const value of found) headers.append(newName, value)
  }
  for (const { name, value } of changes.replace)
    if (isHost(name)) host = value(scope)
    else if (headers.has(name.toLowerCase())) headers.set(name, value(scope))
  for (const { name, value } of changes.add)
    if (!isHost(name) && !headers.has(name.toLowerCase())) headers.set(name, value(scope))
  for (const { name, value } of changes.append) if (!isHost(name)) headers.append(name, value(scope))
  return host
}

const isHost = (name: string) => name.toLowerCase() === 'host'

/** Of a query or a form. */
export function transformArguments(changes: Changes, found: Arguments, scope: TemplateScope): void {
  for (const name of changes.remove) found.delete(name)
  for (const { name, value: newName } of changes.rename) {
    const values = found.get(name)
    if (values === undefined || name === newName) continue
    found.delete(name)
    found.set(newName, values)
  }
  for (const { name, value } of changes.replace) if (found.has(name)) found.set(name, [value(scope)])
  for (const { name, value } of changes.add) if (!found.has(name)) found.set(name, [value(scope)])
  for (const { name, value } of changes.append) {
    const values = found.get(name) ?? []
    found.set(name, [...(values.length === 1 && values[0] === true ? [] : values), value(scope)])
  }
}

/** What is absent, or false, makes room for a value, as Lua sees it. */
export function transformJson(changes: Changes, fields: Map<string, unknown>, scope: TemplateScope): void {
  const isThere = (name: string) => fields.has(name) && fields.get(name) !== false
  for (const name of changes.remove) fields.delete(name)
  for (const { name, value: newName } of changes.rename) {
    if (!isThere(name) || name === newName) continue
    fields.set(newName, fields.get(name))
    fields.delete(name)
  }
  for (const { name, value } of changes.replace) if (isThere(name)) fields.set(name, value(scope))
  for (const { name, value } of changes.add) if (!isThere(name)) fields.set(name, value(scope))
  for (const { name, value } of changes.append) fields.set(name, appended(fields.get(name), value(scope)))
}

/** Kong appends nothing to multipart forms. */
export function transformForm(changes: Changes, form: FormData, scope: TemplateScope): void {
  for (const { name, value: newName } of changes.rename) {
    const value = form.get(name)
    if (value === null || name === newName) continue
    form.delete(name)
    form.set(newName, value as string)
  }
  for (const name of changes.remove) form.delete(name)
  for (const { name, value } of changes.replace) if (form.has(name)) form.set(name, value(scope))
  for (const { name, value } of changes.add) if (!form.has(name)) form.set(name, value(scope))
}
