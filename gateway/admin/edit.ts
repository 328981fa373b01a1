import { withAutoValues } from '../declarative/auto-values.ts'
import { type CollectionName, collections, foreignFields } from '../declarative/collections.ts'
import { fieldsByName } from '../declarative/complete.ts'
import { completeEntity } from '../declarative/complete-entity.ts'
import { isObject } from '../declarative/is-object.ts'
import { mergeEntity } from '../declarative/merge-entity.ts'
import type { ErrorTree } from '../declarative/schema.ts'
import { isUuid } from '../declarative/uuid.ts'
import type { Entities, Entity } from '../entities.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { findEntity, keyField } from './find.ts'
import { withForeignKeys } from './foreign-keys.ts'
import { withEnd } from './key-lifetimes.ts'
import { having, withEntity, withId } from './lookup.ts'
import { invalidPrimaryKey, nowhere, primaryKeyViolation, schemaViolation, unresolved } from './refusals.ts'
import { assertUnique } from './unique.ts'

export interface Edited {
  entities: Entities
  result: Entity
}

/** Seconds since the epoch, and an id that nobody has. */
export interface Fresh {
  now: number
  id: string
}

/** POST */
export function insert(entities: Entities, collection: CollectionName, input: Fields, fresh: Fresh): Edited {
  const id = typeof input.id === 'string' ? input.id : fresh.id
  if (withId(entities[collection], id)) throw primaryKeyViolation({ id })
  return saved(entities, collection, { ...input, id }, { now: fresh.now, given: input })
}

/** PUT: replaces the entity of this id or name, or creates it. */
export function upsert(
  entities: Entities,
  collection: CollectionName,
  key: { present: Entity | undefined; asked: string },
  input: Fields,
  fresh: Fresh,
): Edited {
  const { present, asked } = key
  const own = present ? { id: present.id, created_at: present.created_at } : identity(collection, asked, fresh)
  const name = keyField(collection)
  const named = name !== undefined && own.id !== asked && { [name]: asked }
  return saved(entities, collection, { ...input, ...own, ...named }, { now: fresh.now, given: input })
}

/** PATCH: changes what the input names. */
export function update(
  entities: Entities,
  collection: CollectionName,
  present: Entity,
  input: Fields,
  { now }: Fresh,
): Edited {
  const { updated_at: _, ...before } = fieldsOf(present)
  const merged = mergeEntity(collections[collection], input, before)
  return saved(entities, collection, { ...merged, id: present.id }, { now, given: input })
}

function identity(collection: CollectionName, asked: string, fresh: Fresh): { id: string } {
  if (isUuid(asked)) return { id: asked }
  if (keyField(collection) === undefined) throw invalidPrimaryKey({ id: asked })
  return { id: fresh.id }
}

/** `given`: what is new in the input; the rest was stored before, a password hashed. */
function saved(
  entities: Entities,
  collection: CollectionName,
  input: Fields,
  { now, given }: { now: number; given: Fields },
): Edited {
  const { id } = input as { id: string }
  const complete = checked(entities, collection, withAutoValues(collections[collection], input, { id, now }))
  const stored = Object.entries(collections[collection].transform?.(fieldsOf(complete)) ?? {})
  const hashed = { ...complete, ...Object.fromEntries(stored.filter(([name]) => name in given)) }
  const entity = withEnd(collection, hashed, given, now)
  assertUnique(entities, collection, entity)
  return { entities: { ...entities, [collection]: withEntity(entities[collection], entity) }, result: entity }
}

/** The entity, complete and sound, its references leading somewhere. */
export function checked(entities: Entities, collection: CollectionName, input: Fields): Entity {
  const { value, errors } = completeEntity(collections[collection], withResolved(entities, collection, input))
  if (errors) throw schemaViolation(errors as ErrorTree)
  const entity = value as Entity
  for (const { name, reference } of foreignFields[collection]) {
    const key = fieldsOf(entity)[name] as { id: string } | null | undefined
    if (key && !findEntity(entities[reference], reference, key.id)) throw nowhere(name, key, reference)
  }
  return entity
}

/** `service: { name: … }` becomes the id of that service. */
function withResolved(entities: Entities, collection: CollectionName, input: Fields): Fields {
  const result = { ...withForeignKeys(collection, input) }
  for (const { name, reference } of foreignFields[collection]) {
    const written = result[name]
    const key = keyField(reference)
    if (!isObject(written) || written.id !== undefined || key === undefined) continue
    const value = written[key]
    if (typeof value !== 'string' || !fieldsByName(collections[reference].fields).get(key)?.unique) continue
    const [found] = having(entities[reference], [key], value)
    if (!found) throw unresolved(name, key, value, reference)
    result[name] = { id: found.id }
  }
  return result
}
