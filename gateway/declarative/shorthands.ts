import type { FieldError } from './entity-checks.ts'
import { isObject } from './is-object.ts'
import type { ErrorTree, ShorthandField } from './schema.ts'

/** Puts the fields that a shorthand stands for in its place. */
export function expandShorthands(
  shorthands: readonly Record<string, ShorthandField>[] | undefined,
  input: Record<string, unknown>,
  errors: ErrorTree,
  fieldError: FieldError,
): Record<string, unknown> {
  if (shorthands === undefined) return input
  const data = { ...input }
  for (const [name, field] of shorthands.flatMap((entry) => Object.entries(entry))) {
    const value = data[name]
    if (value === undefined) continue
    delete data[name]
    const wrong = fieldError(field, value)
    if (wrong === undefined) merge(data, field.func?.(value as never) ?? {}, field.deprecation !== undefined)
    else errors[name] = wrong
  }
  return data
}

/** A deprecated spelling gives way to the new one, where both are given; any other (a service's `url`) comes before it. */
function merge(data: Record<string, unknown>, given: Record<string, unknown>, deprecated: boolean): void {
  for (const [name, value] of Object.entries(given)) {
    const present = data[name]
    if (isObject(value) && isObject(present)) {
      const inner = { ...present }
      merge(inner, value, deprecated)
      data[name] = inner
    } else if (!deprecated || present === undefined || present === null) data[name] = value
  }
}
