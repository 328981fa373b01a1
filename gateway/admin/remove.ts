import { type CollectionName, collections } from '../declarative/collections.ts'
import { fieldsByName } from '../declarative/complete.ts'
import type { Entities, Entity } from '../entities.ts'
import { fieldsOf } from './fields.ts'
import { referencing, referrers } from './find.ts'
import { without } from './lookup.ts'
import { referencedByOthers, stillReferenced } from './refusals.ts'

/** DELETE: takes along what only belongs to the entity; refused while anything else refers to it. */
export function remove(entities: Entities, collection: CollectionName, entity: Entity): Entities {
  const { id } = entity
  const dependants = referrers(collection).map((field) => ({ field, list: referencing(entities, field, id) }))
  const restricting = dependants.find(({ field, list }) => list.length > 0 && !cascades(field.in, field.name))
  if (restricting) throw stillReferenced(collection, restricting.field.in)
  if (collection === 'ca_certificates') assertUnused(entities, id)
  return dependants
    .flatMap(({ field, list }) => list.map((dependant) => [field.in, dependant] as const))
    .reduce<Entities>((rest, [name, dependant]) => remove(rest, name, dependant), {
      ...entities,
      [collection]: without(entities[collection], entity),
    })
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
