import { violation } from './constraints.ts'
import { runEntityChecks } from './entity-checks.ts'
import { noErrors, setSparse } from './error-tree.ts'
import { isObject } from './is-object.ts'
import type { Errors, Field, FieldList, RecordSchema } from './schema.ts'
import { expandShorthands } from './shorthands.ts'
import { isVaultReference } from './vault-reference.ts'

export interface Completed {
  value: unknown
  errors: Errors | undefined
}

/** Fills in every field that the record does not give, and checks all. Fields marked `auto` are the caller's to give. */
export function completeRecord(schema: RecordSchema, input: Record<string, unknown>): Completed {
  const errors = noErrors()
  const data = expandShorthands(schema.shorthand_fields, input, errors, fieldError)
  const known = fieldsByName(schema.fields)
  const value: Record<string, unknown> = {}
  for (const [name, field] of known) {
    const given = data[name] === undefined ? defaultOf(field) : data[name]
    if (given === undefined) {
      if (field.required) errors[name] = 'required field missing'
      continue
    }
    const completed = completeField(field, given)
    value[name] = completed.value
    if (completed.errors !== undefined) errors[name] = completed.errors
  }
  for (const name in data) if (!known.has(name) && !(name in errors)) errors[name] = 'unknown field'
  runEntityChecks(value, schema, errors, fieldError)
  return { value, errors: Object.keys(errors).length > 0 ? errors : undefined }
}

const compiled = new WeakMap<FieldList, Map<string, Field>>()

export function fieldsByName(fields: FieldList): Map<string, Field> {
  let known = compiled.get(fields)
  if (known === undefined) {
    known = new Map(fields.flatMap((entry) => Object.entries(entry)))
    compiled.set(fields, known)
  }
  return known
}

/** Undefined where a value must be given: the field is required, or the gateway makes it up later. */
function defaultOf(field: Field): unknown {
  if (field.default !== undefined) return structuredClone(field.default)
  if (!field.required) return field.auto ? undefined : null
  return field.type === 'record' && !field.abstract ? {} : undefined
}

/** Only what is wrong with a value. */
export function fieldError(field: Field, value: unknown): Errors | undefined {
  return completeField(field, value).errors
}

/** The value with the defaults of the records within it, and what is wrong with it. */
export function completeField(field: Field, value: unknown): Completed {
  if (value === null) return { value, errors: nullError(field) }
  if (field.eq === null) return { value, errors: field.err ?? 'value must be null' }
  const completed = byType[field.type](field, value)
  if (completed.errors !== undefined) return completed
  if (field.referenceable && isVaultReference(value)) return completed
  // A text may be empty only where its field says so, with a len_min of 0.
  if (value === '' && field.len_min === undefined && !field.one_of)
    return { value, errors: 'length must be at least 1' }
  return { value: completed.value, errors: violation(completed.value, field) }
}

function nullError(field: Field): string | undefined {
  if (field.ne === null) return field.err ?? 'value must not be null'
  if (field.eq !== undefined && field.eq !== null) return `value must be ${field.eq}`
  return field.required ? 'required field missing' : undefined
}

const byType: Record<Field['type'], (field: Field, value: unknown) => Completed> = {
  string: (_, value) => typed(value, typeof value === 'string', 'expected a string'),
  number: (_, value) => typed(value, typeof value === 'number', 'expected a number'),
  integer: (_, value) => typed(value, Number.isInteger(value), 'expected an integer'),
  boolean: (_, value) => typed(value, typeof value === 'boolean', 'expected a boolean'),
  array: (field, value) => completeList(field, value, 'expected an array'),
  set: (field, value) => {
    const { value: list, errors } = completeList(field, value, 'expected a set')
    return { value: Array.isArray(list) ? [...new Set(list)] : list, errors }
  },
  map: completeMap,
  record: (field, value) => {
    if (!isObject(value) && !isEmptyList(value)) return { value, errors: 'expected a record' }
    return completeRecord({ ...field, fields: field.fields ?? [] }, isObject(value) ? value : {})
  },
  // The text is a name or an id that the other entity is then looked up by.
  foreign: (_, value) => {
    if (typeof value === 'string') return { value, errors: undefined }
    const id = isObject(value) ? value.id : undefined
    if (id === undefined) return { value, errors: { id: 'missing primary key' } }
    const error = fieldError({ type: 'string', uuid: true, required: true }, id)
    return { value: { id }, errors: error && { id: error } }
  },
}

function typed(value: unknown, right: boolean, message: string): Completed {
  return { value, errors: right ? undefined : message }
}

/** An empty list and an empty object are one thing in Lua, and so to Kong. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function completeList({ elements }: Field, value: unknown, message: string): Completed {
  const list = isObject(value) && Object.keys(value).length === 0 ? [] : value
  if (!Array.isArray(list)) return { value, errors: message }
  const field = { ...(elements as Field), required: true }
  const errors: (Errors | null)[] = []
  const completed = list.map((item, at) => {
    const { value: element, errors: wrong } = completeField(field, item ?? null)
    if (wrong !== undefined) setSparse(errors, at, wrong)
    return element
  })
  return { value: completed, errors: errors.length > 0 ? errors : undefined }
}

/** Of a map, Kong tells the first error without its key. */
function completeMap({ keys, values }: Field, value: unknown): Completed {
  if (isEmptyList(value)) return { value: {}, errors: undefined }
  if (!isObject(value)) return { value, errors: 'expected a map' }
  const completed: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const wrongKey = fieldError({ ...(keys as Field), required: true }, key)
    const inner = completeField({ ...(values as Field), required: true }, item)
    const errors = wrongKey ?? inner.errors
    if (errors !== undefined) return { value, errors }
    completed[key] = inner.value
  }
  return { value: completed, errors: undefined }
}
