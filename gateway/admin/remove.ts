import { type CollectionName, collections } from '../declarative/collections.ts'
import { fieldsByName } from '../declarative/complete.ts'
import type { Entities, Entity } from '../entities.ts'
import { fieldsOf, referencing, referrers } from './find.ts'
import { referencedByOthers, stillReferenced } from './refusals.ts'

/** DELETE: takes along what only belongs to the entity; refused while anything else refers to it. */
export function remove(entities: Entities, collection: CollectionName, { id }: Entity): Entities {
  const dependants = referrers(collection).map((field) => ({ field, list: referencing(entities, field, id) }))
  const restricting = dependants.find(({ field, list }) => list.length > 0 && !cascades(field.in, field.name))
  if (restricting) throw stillReferenced(collection, restricting.field.in)
  if (collection === 'ca_certificates') assertUnused(entities, id)
  const remaining = (entities[collection] as Entity[]).filter((entity) => entity.id !== id)
  const without: Entities = { ...entities, [collection]: remaining }
  return dependants
    .flatMap(({ field, list }) => list.map((entity) => [field.in, entity] as const))
    .reduce((rest, [name, entity]) => remove(rest, name, entity), without)
}

/** A certificate takes its names along, though their schema does not say so. */
function cascades(collection: CollectionName, field: string): boolean {
  return collection === 'snis' || fieldsByName(collections[collection].fields).get(field)?.on_delete === 'cascade'
}

/** Services name their authorities in a list, not by a reference. */
function assertUnused(entities: Entities, id: string): void {
  const user = entities.services.find((service) => (fieldsOf(service).ca_certificates as string[] | null)?.includes(id))
  if (user) throw referencedByOthers(id, 'services', user.id)
}
