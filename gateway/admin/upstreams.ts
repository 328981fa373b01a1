import type { ControlPlane } from './control-plane.ts'
import { page } from './page.ts'
import { listAt, type Place } from './place.ts'
import { present } from './present.ts'
import type { Endpoints, Reply } from './reply.ts'

/** `/upstreams/<…>/targets/all` and `/upstreams/<…>/health`: the targets again, as Kong's tools ask for them. */
export function upstreamEndpoints(
  controlPlane: ControlPlane,
  nodeId: string,
  segments: string[],
): Endpoints | undefined {
  const [top, key = '', ...below] = segments
  const path = below.join('/')
  if (top !== 'upstreams' || (path !== 'targets/all' && path !== 'health')) return undefined
  const place: Place = {
    collection: 'targets',
    within: { collection: 'upstreams', key, field: 'upstream' },
    key: undefined,
  }
  return {
    GET: ({ query }): Reply => {
      const entities = controlPlane.entities()
      const targets = page(listAt(entities, place), `/${segments.join('/')}`, query, (target) =>
        present(entities, 'targets', target),
      )
      return path === 'health' ? { ...targets, body: { ...(targets.body as object), node_id: nodeId } } : targets
    },
  }
}
