import { type CollectionName, collections, type ForeignField, foreignFields } from '../declarative/collections.ts'
import type { Entities, Entity } from '../entities.ts'
import { findEntity } from './find.ts'
import { having } from './lookup.ts'
import { missing } from './reply.ts'

/** What a path leads to: entities of one collection, or those of them that point to an outer entity. */
export interface Place {
  collection: CollectionName
  within: { collection: CollectionName; key: string; field: string } | undefined
  /** Of the one entity that is meant; undefined for the whole list. */
  key: string | undefined
}

/** What another entity points to: `/routes/<…>/service`. */
export interface Pointer {
  from: { collection: CollectionName; key: string }
  field: ForeignField
}

/** How a collection is called in paths, where not by its own name: on its own, and below a consumer. */
const pathNames: Partial<Record<CollectionName, { top: string; nested: string }>> = {
  keyauth_credentials: { top: 'key-auths', nested: 'key-auth' },
  jwt_secrets: { top: 'jwts', nested: 'jwt' },
  basicauth_credentials: { top: 'basic-auths', nested: 'basic-auth' },
}

/** Kong gives these only below the entity that they belong to, or not at all. */
const notOnTheirOwn = new Set<CollectionName>(['targets'])
const notFollowed = new Set(['snis certificate'])

/** By their names in paths. */
export const byTopName = new Map<string, CollectionName>()
export const byNestedName = new Map<string, CollectionName>()
for (const name of Object.keys(collections) as CollectionName[]) {
  if (!notOnTheirOwn.has(name)) byTopName.set(pathNames[name]?.top ?? name, name)
  byNestedName.set(pathNames[name]?.nested ?? name, name)
}

/** Undefined where the path names no collection. */
export function placeOf([top = '', key, below, belowKey, ...more]: string[]): Place | Pointer | undefined {
  const collection = byTopName.get(top)
  if (collection === undefined || more.length > 0) return undefined
  if (key === undefined || below === undefined) return { collection, within: undefined, key }
  const child = byNestedName.get(below)
  const toParent = child && foreignFields[child].find(({ reference }) => reference === collection)
  if (child && toParent) return { collection: child, within: { collection, key, field: toParent.name }, key: belowKey }
  const field = foreignFields[collection].find(({ name }) => name === below)
  if (field === undefined || belowKey !== undefined || notFollowed.has(`${collection} ${field.name}`)) return undefined
  return { from: { collection, key }, field }
}

/** The outer entity. */
export function outer(entities: Entities, { within }: Place): Entity | undefined {
  return within && found(entities, within.collection, within.key)
}

/** Those that are meant by a path without its last key. */
export function listAt(entities: Entities, place: Place): readonly Entity[] {
  const list: readonly Entity[] = entities[place.collection]
  const parent = outer(entities, place)
  return parent ? [...having(list, [place.within?.field as string], parent.id)] : list
}

export function found(entities: Entities, collection: CollectionName, key: string): Entity {
  const entity = findEntity(entities[collection], collection, key)
  if (!entity) throw missing()
  return entity
}
