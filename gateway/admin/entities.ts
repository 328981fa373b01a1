import { randomUUID } from 'node:crypto'
import type { CollectionName } from '../declarative/collections.ts'
import type { Entities, Entity } from '../entities.ts'
import { type Write, withNames } from './certificate-names.ts'
import type { ControlPlane } from './control-plane.ts'
import { insert, update, upsert } from './edit.ts'
import { type Fields, referenceOf } from './fields.ts'
import { findEntity } from './find.ts'
import { readJson } from './json-body.ts'
import { withoutExpired, withTimeLeft } from './key-lifetimes.ts'
import { page, withTags } from './page.ts'
import { found, listAt, outer, type Place, type Pointer, placeOf } from './place.ts'
import { present } from './present.ts'
import { remove } from './remove.ts'
import { type AdminRequest, type Endpoint, type Endpoints, missing, Refusal } from './reply.ts'

/**
 * The endpoints of every collection: `/services`, `/services/<id or name>`, and what belongs to an entity or is referred to by it,
 * `/services/<…>/routes`, `/services/<…>/routes/<…>`, `/routes/<…>/service`. Undefined where the path names no collection.
 */
export function entityEndpoints(controlPlane: ControlPlane, segments: string[]): Endpoints | undefined {
  const place = placeOf(segments)
  if (place === undefined) return undefined
  if ('from' in place) return pointed(controlPlane, place)
  return place.key === undefined ? list(controlPlane, place) : single(controlPlane, place, place.key)
}

function list(controlPlane: ControlPlane, place: Place): Endpoints {
  const { collection } = place
  return {
    GET: ({ segments, query }) => {
      const now = seconds()
      const entities = withoutExpired(controlPlane.entities(), now)
      const filtered = withTags(withCustomId(listAt(entities, place), query.get('custom_id')), query.get('tags'))
      return page(filtered, `/${segments.join('/')}`, query, (entity) => shown(entities, collection, entity, now))
    },
    POST: writing(controlPlane, collection, 201, (entities, input, fresh) =>
      insert(entities, collection, belonging(entities, place, input), fresh),
    ),
  }
}

function single(controlPlane: ControlPlane, place: Place, key: string): Endpoints {
  const { collection } = place
  const find = (entities: Entities) => findEntity(listAt(entities, place), collection, key)
  return {
    ...reading(controlPlane, collection, find),
    PUT: writing(controlPlane, collection, 200, (entities, input, fresh) => {
      const inner = belonging(entities, place, input)
      const before = find(entities)
      if (collection !== 'targets') return upsert(entities, collection, { present: before, asked: key }, inner, fresh)
      // Kong updates a target by PUT, and creates it by POST alone.
      return update(entities, collection, existing(before), inner, fresh)
    }),
    PATCH: writing(controlPlane, collection, 200, (entities, input, fresh) =>
      update(entities, collection, existing(find(entities)), input, fresh),
    ),
    DELETE: async () => {
      await controlPlane.change((entities) => {
        const entity = find(entities)
        if (!entity && place.within) throw missing()
        return { entities: entity ? remove(entities, collection, entity) : entities, result: undefined }
      })
      return { status: 204 }
    },
  }
}

function pointed(controlPlane: ControlPlane, { from, field }: Pointer): Endpoints {
  const { name, reference } = field
  const find = (entities: Entities) => {
    const id = referenceOf(found(entities, from.collection, from.key), name)
    return id === undefined ? undefined : findEntity(entities[reference], reference, id)
  }
  return {
    ...reading(controlPlane, reference, find),
    PUT: writing(controlPlane, reference, 200, (entities, input, fresh) => {
      const before = find(entities)
      const asked = before?.id ?? fresh.id
      const edited = upsert(entities, reference, { present: before, asked }, input, fresh)
      if (before) return edited
      const owner = found(entities, from.collection, from.key)
      const pointing = update(edited.entities, from.collection, owner, { [name]: { id: asked } }, fresh)
      return { ...edited, entities: pointing.entities }
    }),
    PATCH: writing(controlPlane, reference, 200, (entities, input, fresh) =>
      update(entities, reference, existing(find(entities)), input, fresh),
    ),
    DELETE: () => {
      existing(find(controlPlane.entities()))
      throw new Refusal(405, { message: 'Method not allowed' })
    },
  }
}

function reading(
  controlPlane: ControlPlane,
  collection: CollectionName,
  find: (entities: Entities) => Entity | undefined,
): Endpoints {
  return {
    GET: () => {
      const now = seconds()
      const entities = withoutExpired(controlPlane.entities(), now)
      return { status: 200, body: shown(entities, collection, existing(find(entities)), now) }
    },
  }
}

function writing(controlPlane: ControlPlane, collection: CollectionName, status: number, write: Write): Endpoint {
  const edit = collection === 'certificates' ? withNames(write) : write
  return async (request: AdminRequest) => {
    const input = await readJson(request)
    const now = seconds()
    const fresh = { now, id: randomUUID() }
    const entity = await controlPlane.change((entities) => edit(withoutExpired(entities, now), input, fresh))
    return { status, body: shown(controlPlane.entities(), collection, entity, now) }
  }
}

const shown = (entities: Entities, collection: CollectionName, entity: Entity, now: number): Fields =>
  present(entities, collection, withTimeLeft(collection, entity, now))

/** Since the epoch. */
const seconds = () => Math.floor(Date.now() / 1000)

function existing(entity: Entity | undefined): Entity {
  if (!entity) throw missing()
  return entity
}

/** What is written below an entity belongs to it. */
function belonging(entities: Entities, place: Place, input: Fields): Fields {
  const parent = outer(entities, place)
  return parent ? { ...input, [place.within?.field as string]: { id: parent.id } } : input
}

function withCustomId(list: readonly Entity[], customId: string | null): readonly Entity[] {
  return customId === null ? list : list.filter((entity) => 'custom_id' in entity && entity.custom_id === customId)
}
