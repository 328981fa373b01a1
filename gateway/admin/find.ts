import { type CollectionName, collections, type ForeignField, foreignFields } from '../declarative/collections.ts'
import { isUuid } from '../declarative/uuid.ts'
import type { Entities, Entity } from '../entities.ts'
import { having, withId } from './lookup.ts'

/** A consumer's groups are found by their own name, which only within that consumer names one. */
const nestedKeys: Partial<Record<CollectionName, string>> = { acls: 'group' }

/** The field by which an entity is found besides its id. */
export function keyField(collection: CollectionName): string | undefined {
  return collections[collection].endpoint_key ?? nestedKeys[collection]
}

export function findEntity(list: readonly Entity[], collection: CollectionName, key: string): Entity | undefined {
  if (isUuid(key)) return withId(list, key)
  const field = keyField(collection)
  if (field === undefined) return undefined
  const [found] = having(list, [field], key)
  return found
}

export function referencing(entities: Entities, field: ForeignField & { in: CollectionName }, id: string): Entity[] {
  return [...having(entities[field.in], [field.name], id)]
}

/** Every field of any collection that points to this one. */
export function referrers(collection: CollectionName): (ForeignField & { in: CollectionName })[] {
  return (Object.keys(foreignFields) as CollectionName[]).flatMap((name) =>
    foreignFields[name].filter(({ reference }) => reference === collection).map((field) => ({ ...field, in: name })),
  )
}
