import { type CollectionName, collections } from '../declarative/collections.ts'
import { fieldsByName } from '../declarative/complete.ts'
import type { Entities, Entity } from '../entities.ts'
import { fieldsOf } from './fields.ts'
import { having } from './lookup.ts'
import { uniqueViolation } from './refusals.ts'

/** Names and keys belong to one entity; so does what a cache key is made of: a plugin is once on a route. */
export function assertUnique(entities: Entities, collection: CollectionName, entity: Entity): void {
  const { fields, cache_key = [] } = collections[collection]
  const own = fieldsOf(entity)
  const list: readonly Entity[] = entities[collection]
  const isTaken = (names: readonly string[]) =>
    [...having(list, names, ...names.map((name) => own[name]))].some(({ id }) => id !== entity.id)
  for (const [name, { unique }] of fieldsByName(fields)) {
    if (!unique || own[name] === null || own[name] === undefined) continue
    if (isTaken([name])) throw uniqueViolation({ [name]: own[name] })
  }
  if (cache_key.length > 1 && isTaken(cache_key))
    throw uniqueViolation(Object.fromEntries(cache_key.map((name) => [name, own[name] ?? null])))
}
