import { type CollectionName, collections, type ForeignField, foreignFields } from '../declarative/collections.ts'
import { isUuid } from '../declarative/uuid.ts'
import type { Entities, Entity } from '../entities.ts'

export type Fields = Record<string, unknown>

/** A consumer's groups are found by their own name, which only within that consumer names one. */
const nestedKeys: Partial<Record<CollectionName, string>> = { acls: 'group' }

/** The field by which an entity is found besides its id. */
export function keyField(collection: CollectionName): string | undefined {
  return collections[collection].endpoint_key ?? nestedKeys[collection]
}

export function findEntity(list: readonly Entity[], collection: CollectionName, key: string): Entity | undefined {
  if (isUuid(key)) return list.find(({ id }) => id === key)
  const field = keyField(collection)
  return field === undefined ? undefined : list.find((entity) => fieldsOf(entity)[field] === key)
}

export function referencing(entities: Entities, field: ForeignField & { in: CollectionName }, id: string): Entity[] {
  return (entities[field.in] as Entity[]).filter((entity) => referenceOf(entity, field.name) === id)
}

/** Every field of any collection that points to this one. */
export function referrers(collection: CollectionName): (ForeignField & { in: CollectionName })[] {
  return (Object.keys(foreignFields) as CollectionName[]).flatMap((name) =>
    foreignFields[name].filter(({ reference }) => reference === collection).map((field) => ({ ...field, in: name })),
  )
}

export function referenceOf(entity: Entity, field: string): string | undefined {
  return (fieldsOf(entity)[field] as { id: string } | null | undefined)?.id
}

export const fieldsOf = (entity: Entity) => entity as unknown as Fields
