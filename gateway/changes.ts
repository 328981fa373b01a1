import type { Entities, Entity } from './entities.ts'

/** What has become of one collection. */
export interface Change {
  collection: keyof Entities
  /** New ones, and those that are other than before. */
  put: Entity[]
  /** The ids of those that are no more. */
  gone: string[]
}

/** What makes `after` of `before`: empty where nothing does. */
export function changesBetween(before: Entities, after: Entities): Change[] {
  const collections = Object.keys(after) as (keyof Entities)[]
  return collections
    .filter((collection) => after[collection] !== before[collection])
    .map((collection) => ({ collection, ...changed(before[collection], after[collection]) }))
    .filter(({ put, gone }) => put.length > 0 || gone.length > 0)
}

/** An edit leaves entities in their places and puts new ones at the end, so one walk along both lists finds everything. */
function changed(before: readonly Entity[], after: readonly Entity[]): Pick<Change, 'put' | 'gone'> {
  const put: Entity[] = []
  const gone: string[] = []
  let at = 0
  for (const entity of before) {
    const now = after[at]
    if (now?.id !== entity.id) gone.push(entity.id)
    else {
      if (now !== entity) put.push(now)
      at++
    }
  }
  return { put: [...put, ...after.slice(at)], gone }
}

export function withChanges(entities: Entities, changes: readonly Change[]): Entities {
  const lists = changes.map(({ collection, put, gone }) => [collection, changedList(entities[collection], put, gone)])
  return { ...entities, ...(Object.fromEntries(lists) as Partial<Entities>) }
}

/** What is gone and put has only changed its place. */
function changedList(list: readonly Entity[], put: readonly Entity[], gone: readonly string[]): Entity[] {
  const left = new Set(gone)
  const fresh = new Map(put.map((entity) => [entity.id, entity]))
  const kept = list.filter(({ id }) => !left.has(id)).map((entity) => fresh.get(entity.id) ?? entity)
  for (const { id } of kept) fresh.delete(id)
  return [...kept, ...fresh.values()]
}
