import { createStore, type Kept, type Store } from '../plugins/proxy-cache/store.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Endpoints } from './reply.ts'
import type { RunningNode } from './running-node.ts'

/**
 * `/proxy-cache` is all that is kept, `/proxy-cache/<key>` one answer of it, as is `/proxy-cache/<plugin id>/caches/<key>`: all
 * instances of the plugin keep theirs in one memory, which a purge takes them out of for every worker at once.
 */
export function proxyCacheEndpoints(
  controlPlane: ControlPlane,
  { cache }: RunningNode,
  [top, ...path]: string[],
): Endpoints | undefined {
  if (top !== 'proxy-cache') return undefined
  const store = createStore(cache)
  const instances = controlPlane.entities().plugins.filter(({ name }) => name === 'proxy-cache')
  const [first = '', caches, key = ''] = path
  if (path.length === 0) return whole(store)
  if (path.length === 1) return one(store, first, instances.length > 0)
  if (path.length !== 3 || caches !== 'caches') return undefined
  const isThere = instances.some(({ id }) => id === first)
  return one(store, key, isThere)
}

function whole(store: Store): Endpoints {
  return {
    DELETE: () => {
      store.clear()
      return { status: 204 }
    },
  }
}

/** Nothing is found where the plugin that would have kept it is not there. */
function one(store: Store, key: string, isThere: boolean): Endpoints {
  const find = () => (isThere ? store.get(key) : undefined)
  return {
    GET: () => {
      const kept = find()
      return kept ? { status: 200, body: shown(kept) } : { status: 404 }
    },
    DELETE: () => {
      if (!find()) return { status: 404 }
      store.delete(key)
      return { status: 204 }
    },
  }
}

/** As Kong keeps it. */
function shown({ status, headers, body, storedAt, freshFor }: Kept): object {
  const fields: Record<string, string | string[]> = {}
  for (const [at, key] of headers.keys.entries()) {
    const values = headers.getAll(key)
    fields[headers.names[at] as string] = values.length === 1 ? (values[0] as string) : values
  }
  return {
    status,
    headers: fields,
    body: body.toString(),
    body_len: body.length,
    timestamp: Math.floor(storedAt / 1000),
    ttl: freshFor,
    version: 1,
  }
}
