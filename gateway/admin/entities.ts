import { type CollectionName, collections, foreignFields } from '../declarative/collections.ts'
import type { Entity } from '../entities.ts'
import type { ControlPlane } from './control-plane.ts'
import { page, withTags } from './page.ts'
import { type AdminRequest, type Endpoints, notFound, type Reply } from './reply.ts'

/** How a collection is called in paths, where not by its own name: on its own, and below a consumer. */
const pathNames: Partial<Record<CollectionName, { top: string; nested: string }>> = {
  keyauth_credentials: { top: 'key-auths', nested: 'key-auth' },
  jwt_secrets: { top: 'jwts', nested: 'jwt' },
  basicauth_credentials: { top: 'basic-auths', nested: 'basic-auth' },
}

const byTopName = new Map<string, CollectionName>()
const byNestedName = new Map<string, CollectionName>()
for (const name of Object.keys(collections) as CollectionName[]) {
  byTopName.set(pathNames[name]?.top ?? name, name)
  byNestedName.set(pathNames[name]?.nested ?? name, name)
}

/**
 * The endpoints of every collection: `/services`, `/services/<id or name>`, and what belongs to an entity or is referred to by it,
 * `/services/<…>/routes`, `/services/<…>/routes/<…>`, `/routes/<…>/service`. Undefined where the path names no collection.
 */
export function entityEndpoints(controlPlane: ControlPlane, segments: string[]): Endpoints | undefined {
  const [top = '', key, below, belowKey, ...more] = segments
  const collection = byTopName.get(top)
  if (collection === undefined || more.length > 0) return undefined
  const find = (name: CollectionName, idOrName: string) => found(controlPlane.entities()[name], name, idOrName)
  if (key === undefined) return list(() => controlPlane.entities()[collection])
  if (below === undefined) return single(() => find(collection, key))
  const child = childOf(collection, below)
  if (child !== undefined) {
    const children = () => belonging(controlPlane.entities()[child.collection], child.field, find(collection, key))
    if (belowKey === undefined) return list(children)
    return single(() => found(children() ?? [], child.collection, belowKey))
  }
  const reference = foreignFields[collection].find(({ name }) => name === below)
  if (reference === undefined || belowKey !== undefined) return undefined
  return single(() => {
    const pointer = (find(collection, key) as Record<string, unknown> | undefined)?.[reference.name]
    return pointer ? find(reference.reference, (pointer as Entity).id) : undefined
  })
}

function list(entities: () => readonly Entity[] | undefined): Endpoints {
  return {
    GET: ({ segments, query }: AdminRequest): Reply => {
      const all = entities()
      if (all === undefined) return notFound()
      const filtered = withTags(withCustomId(all, query.get('custom_id')), query.get('tags'))
      return page(filtered, `/${segments.join('/')}`, query)
    },
  }
}

function single(entity: () => Entity | undefined): Endpoints {
  return {
    GET: () => {
      const body = entity()
      return body === undefined ? notFound() : { status: 200, body }
    },
  }
}

function withCustomId(list: readonly Entity[], customId: string | null): readonly Entity[] {
  return customId === null ? list : list.filter((entity) => 'custom_id' in entity && entity.custom_id === customId)
}

function found(list: readonly Entity[], collection: CollectionName, idOrName: string): Entity | undefined {
  const { endpoint_key } = collections[collection]
  return list.find((entity) => entity.id === idOrName || (endpoint_key && (entity as never)[endpoint_key] === idOrName))
}

function childOf(parent: CollectionName, below: string): { collection: CollectionName; field: string } | undefined {
  const collection = byNestedName.get(below)
  const field = collection && foreignFields[collection].find(({ reference }) => reference === parent)
  return collection && field && { collection, field: field.name }
}

function belonging(list: readonly Entity[], field: string, parent: Entity | undefined): readonly Entity[] | undefined {
  return (
    parent && list.filter((entity) => (entity as unknown as Record<string, Entity | null>)[field]?.id === parent.id)
  )
}
