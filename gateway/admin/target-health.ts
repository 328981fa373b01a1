import { splitTarget } from '../balancer/target.ts'
import { isChecked } from '../balancer/upstream-status.ts'
import type { Target, Upstream } from '../entities.ts'
import type { ControlPlane } from './control-plane.ts'
import { findEntity } from './find.ts'
import { found, listAt, type Place } from './place.ts'
import { type Endpoints, missing, Refusal } from './reply.ts'
import type { RunningNode } from './running-node.ts'

export const targetsOf = (key: string): Place => ({
  collection: 'targets',
  within: { collection: 'upstreams', key, field: 'upstream' },
  key: undefined,
})

/** `/upstreams/<…>/targets/<…>/healthy` or `unhealthy`, with or without one of its addresses before the last segment. */
export function targetHealthEndpoints(
  controlPlane: ControlPlane,
  { health }: RunningNode,
  upstreamKey: string,
  [first, targetKey = '', ...rest]: string[],
): Endpoints | undefined {
  const condition = rest.at(-1)
  const address = rest.length === 2 ? rest[0] : undefined
  const isKnown = condition === 'healthy' || condition === 'unhealthy'
  if (first !== 'targets' || !isKnown || rest.length > 2) return undefined
  return {
    PUT: async () => {
      const entities = controlPlane.entities()
      const upstream = found(entities, 'upstreams', upstreamKey) as Upstream
      const target = findEntity(listAt(entities, targetsOf(upstreamKey)), 'targets', targetKey) as Target | undefined
      if (!target) throw missing()
      if (!isChecked(upstream.healthchecks))
        throw new Refusal(400, { message: `no healthchecker found for ${upstream.name}` })
      const place = { upstream: upstream.name, target: target.target, ...(address && placeOf(address)) }
      await health.set(place, condition)
      return { status: 204 }
    },
  }
}

function placeOf(address: string): { ip: string; port: number } {
  const { host: ip, port } = splitTarget(address)
  return { ip, port }
}
