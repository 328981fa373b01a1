import { type Completed, completeRecord } from './complete.ts'
import type { FieldList, RecordSchema, Schema } from './schema.ts'

/**
 * Checks one entity and fills its defaults in. `without` is the field that points to the entity in which this one is
 * declared: it is not given there and not checked, so that a plugin which takes no consumer may still stand within one.
 */
export function completeEntity(schema: Schema, input: Record<string, unknown>, without?: string): Completed {
  const specific = schema.subschema?.(input)
  if (specific && 'error' in specific) return { value: input, errors: specific.error }
  const completed = completeRecord(combined(schema, specific, without), input)
  if (completed.errors !== undefined || schema.derive === undefined) return completed
  const value = completed.value as Record<string, unknown>
  return { value: { ...value, ...schema.derive(value as never) }, errors: undefined }
}

const known = new WeakMap<RecordSchema, Map<string, RecordSchema>>()

/** Combined once for each pair of schemas, not for each entity. */
function combined(schema: Schema, specific: RecordSchema | undefined, without = ''): RecordSchema {
  const owner = specific ?? schema
  const variants = known.get(owner) ?? new Map<string, RecordSchema>()
  known.set(owner, variants)
  let variant = variants.get(without)
  if (variant === undefined) {
    const fields = overridden(schema.fields, specific?.fields ?? []).filter((entry) => !(without in entry))
    const entity_checks = [...(schema.entity_checks ?? []), ...(specific?.entity_checks ?? [])]
    variant = { ...schema, fields, entity_checks }
    variants.set(without, variant)
  }
  return variant
}

function overridden(fields: FieldList, specific: FieldList): FieldList {
  const own = Object.assign({}, ...specific)
  return fields.flatMap((entry) => Object.entries(entry)).map(([name, field]) => ({ [name]: own[name] ?? field }))
}
