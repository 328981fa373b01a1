import type { Entity } from '../entities.ts'
import { type Fields, fieldsOf } from './fields.ts'

/** The entities of one list by what they have in some of their fields. */
interface Lookup {
  fields: readonly string[]
  found: Map<unknown, Set<Entity>>
}

/**
 * Made when first asked for, and handed on from each list to the one that an edit makes of it: a sync of thousands of entities
 * is not as many walks through all of them. A list that lost its lookups this way gets new ones if it is asked again.
 */
const lookups = new WeakMap<readonly Entity[], Map<string, Lookup>>()

const none: ReadonlySet<Entity> = new Set()

/** Those of the list that have these values in these fields; a reference counts as its id. */
export function having(list: readonly Entity[], fields: readonly string[], ...values: unknown[]): ReadonlySet<Entity> {
  return lookupOf(list, fields).found.get(keyOf(values)) ?? none
}

export function withId(list: readonly Entity[], id: string): Entity | undefined {
  const [found] = having(list, ['id'], id)
  return found
}

/** The list with the entity in the place of the one with its id, or at the end. */
export function withEntity(list: readonly Entity[], entity: Entity): Entity[] {
  const before = withId(list, entity.id)
  return handOn(list, before ? list.with(list.indexOf(before), entity) : [...list, entity], before, entity)
}

export function without(list: readonly Entity[], entity: Entity): Entity[] {
  const before = withId(list, entity.id)
  return before ? handOn(list, list.toSpliced(list.indexOf(before), 1), before, undefined) : [...list]
}

function lookupOf(list: readonly Entity[], fields: readonly string[]): Lookup {
  const known = lookups.get(list) ?? new Map<string, Lookup>()
  lookups.set(list, known)
  const name = fields.join()
  let lookup = known.get(name)
  if (lookup === undefined) {
    lookup = { fields, found: new Map() }
    for (const entity of list) add(lookup, entity)
    known.set(name, lookup)
  }
  return lookup
}

function handOn(
  from: readonly Entity[],
  to: Entity[],
  before: Entity | undefined,
  after: Entity | undefined,
): Entity[] {
  const known = lookups.get(from)
  if (known === undefined) return to
  lookups.delete(from)
  for (const lookup of known.values()) {
    if (before) drop(lookup, before)
    if (after) add(lookup, after)
  }
  lookups.set(to, known)
  return to
}

function add(lookup: Lookup, entity: Entity): void {
  const key = keyIn(lookup, entity)
  const entities = lookup.found.get(key)
  if (entities) entities.add(entity)
  else lookup.found.set(key, new Set([entity]))
}

function drop(lookup: Lookup, entity: Entity): void {
  const key = keyIn(lookup, entity)
  const entities = lookup.found.get(key)
  entities?.delete(entity)
  if (entities?.size === 0) lookup.found.delete(key)
}

const keyIn = ({ fields }: Lookup, entity: Entity) => keyOf(fields.map((name) => fieldsOf(entity)[name]))

function keyOf(values: readonly unknown[]): unknown {
  const plain = values.map((value) => (value as Fields | null)?.id ?? value ?? null)
  return plain.length === 1 ? plain[0] : JSON.stringify(plain)
}
