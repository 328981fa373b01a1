import { type CollectionName, collections } from '../declarative/collections.ts'
import { fieldsByName } from '../declarative/complete.ts'
import type { Entities, Entity } from '../entities.ts'
import { fieldsOf } from './find.ts'
import { uniqueViolation } from './refusals.ts'

/** Names and keys belong to one entity; so does what a cache key is made of: a plugin is once on a route. */
export function assertUnique(entities: Entities, collection: CollectionName, entity: Entity): void {
  const { fields, cache_key = [] } = collections[collection]
  const own = fieldsOf(entity)
  const others = (entities[collection] as Entity[]).filter(({ id }) => id !== entity.id)
  for (const [name, { unique }] of fieldsByName(fields)) {
    if (!unique || own[name] === null || own[name] === undefined) continue
    if (others.some((other) => fieldsOf(other)[name] === own[name])) throw uniqueViolation({ [name]: own[name] })
  }
  if (cache_key.length < 2) return
  const key = keyOf(entity, cache_key)
  if (others.some((other) => keyOf(other, cache_key) === key))
    throw uniqueViolation(Object.fromEntries(cache_key.map((name) => [name, own[name] ?? null])))
}

function keyOf(entity: Entity, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => fieldsOf(entity)[name] ?? null))
}
