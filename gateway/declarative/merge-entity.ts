import { fieldError, fieldsByName } from './complete.ts'
import { isObject } from './is-object.ts'
import type { ErrorTree, RecordSchema, Schema } from './schema.ts'
import { expandShorthands } from './shorthands.ts'

type Values = Record<string, unknown>

/** An entity with what a PATCH gives: records are merged field by field, anything else is replaced. */
export function mergeEntity(schema: Schema, given: Values, present: Values): Values {
  const specific = schema.subschema?.({ ...present, ...given })
  const config = specific && 'fields' in specific ? specific.fields : []
  return merged({ ...schema, fields: [...schema.fields, ...config] }, given, present)
}

function merged(schema: RecordSchema, given: Values, present: Values): Values {
  const fields = fieldsByName(schema.fields)
  const result = { ...present }
  for (const [name, value] of Object.entries(expanded(schema, given))) {
    const field = fields.get(name)
    const before = present[name]
    const inner = field?.type === 'record' && isObject(value) && isObject(before)
    result[name] = inner ? merged({ ...field, fields: field.fields ?? [] }, value, before) : value
  }
  return result
}

/** Another spelling of a field replaces what stands there. A wrong one is left for the check of the whole. */
function expanded({ shorthand_fields }: RecordSchema, given: Values): Values {
  const errors: ErrorTree = {}
  const values = expandShorthands(shorthand_fields, given, errors, fieldError)
  return Object.keys(errors).length > 0 ? given : values
}
