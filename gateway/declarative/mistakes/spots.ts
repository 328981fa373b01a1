import { type CollectionName, collectionNames, collections, nestedIn } from '../collections.ts'
import { fieldsByName } from '../complete.ts'
import type { Field } from '../schema.ts'
import type { Path } from './mistake.ts'

type Item = Record<string, unknown>

/** A place where something is, or may be, declared. */
export interface Spot {
  path: Path
  field: Field
  value: unknown
}

/** One entity of the document. `fields` are those that it may have here. */
export interface DeclaredEntity {
  collection: CollectionName
  path: Path
  item: Item
  fields: Map<string, Field>
  /** The field that the entity around it stands for. */
  parentField: string | undefined
}

export function* entitiesIn(owner: Item, path: Path = [], around?: CollectionName): Generator<DeclaredEntity> {
  for (const collection of around ? nestedIn[around].keys() : collectionNames) {
    const parentField = around && nestedIn[around].get(collection)
    for (const [at, item] of ((owner[collection] ?? []) as Item[]).entries()) {
      const own = [...path, collection, at]
      yield { collection, path: own, item, fields: fieldsOf(collection, item, parentField), parentField }
      yield* entitiesIn(item, own, collection)
    }
  }
}

function fieldsOf(collection: CollectionName, item: Item, parentField: string | undefined): Map<string, Field> {
  const schema = collections[collection]
  const specific = schema.subschema?.(item)
  if (specific && 'error' in specific) throw new Error(`the file declares what there is not: ${JSON.stringify(item)}`)
  const fields = new Map(fieldsByName(schema.fields))
  for (const [name, field] of fieldsByName(specific?.fields ?? [])) fields.set(name, field)
  fields.delete(parentField ?? '')
  return fields
}

/** All places within an entity, also those of fields that it leaves open. */
export function* spotsIn({ item, path, fields }: DeclaredEntity): Generator<Spot> {
  for (const [name, field] of fields) yield* spotsAt(field, [...path, name], item[name])
}

function* spotsAt(field: Field, path: Path, value: unknown): Generator<Spot> {
  yield { path, field, value }
  if (field.eq === null) return
  for (const [name, inner] of fieldsByName(field.fields ?? []))
    yield* spotsAt(inner, [...path, name], (value as Item | undefined)?.[name])
  if (field.elements && Array.isArray(value)) yield* spotsAt(field.elements, [...path, 0], value[0])
}
