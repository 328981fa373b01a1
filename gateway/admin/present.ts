import { type CollectionName, collections } from '../declarative/collections.ts'
import { isObject } from '../declarative/is-object.ts'
import type { RecordSchema, Schema } from '../declarative/schema.ts'
import type { Entities, Entity } from '../entities.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { having } from './lookup.ts'

/** An entity as Kong shows it: with what is also known by another name, and a certificate with its SNIs. */
export function present(entities: Entities, collection: CollectionName, entity: Entity): Fields {
  const fields = fieldsOf(entity)
  const shown = withOtherNames(specific(collections[collection], fields), fields)
  return collection === 'certificates' ? { ...shown, snis: namesFor(entities, entity.id) } : shown
}

function specific(schema: Schema, entity: Fields): RecordSchema {
  const found = schema.subschema?.(entity)
  return found && 'fields' in found ? found : schema
}

/** The deprecated spelling of a field shows the value of the one that has replaced it. */
function withOtherNames({ fields, shorthand_fields = [] }: RecordSchema, values: Fields): Fields {
  const shown = { ...values }
  for (const [name, { deprecation }] of shorthand_fields.flatMap((entry) => Object.entries(entry))) {
    const path = deprecation?.replaced_with?.[0]?.path
    if (path) shown[name] = path.reduce((value: unknown, step) => (value as Fields | null)?.[step], values) ?? null
  }
  for (const [name, field] of fields.flatMap((entry) => Object.entries(entry))) {
    const value = shown[name]
    if (field.fields && isObject(value)) shown[name] = withOtherNames({ ...field, fields: field.fields }, value)
  }
  return shown
}

function namesFor({ snis }: Entities, certificate: string): unknown[] {
  return [...having(snis, ['certificate'], certificate)].map((sni) => fieldsOf(sni).name).sort()
}
