import type { UpstreamStatus } from '../balancer/upstream-status.ts'
import type { Entity, Target } from '../entities.ts'
import type { ControlPlane } from './control-plane.ts'
import { page } from './page.ts'
import { found, listAt, type Place } from './place.ts'
import { present } from './present.ts'
import type { AdminRequest, Endpoints, Reply } from './reply.ts'
import type { RunningNode } from './running-node.ts'
import { shownTarget, shownUpstream } from './shown-health.ts'
import { targetHealthEndpoints, targetsOf } from './target-health.ts'

/** What Kong has below an upstream besides its targets: `targets/all`, `health`, and the health of one target. */
export function upstreamEndpoints(
  controlPlane: ControlPlane,
  node: RunningNode,
  segments: string[],
): Endpoints | undefined {
  const [top, key = '', ...below] = segments
  if (top !== 'upstreams') return undefined
  const place = targetsOf(key)
  if (below.join('/') === 'targets/all') return { GET: (request) => targets(controlPlane, place, request) }
  if (below.join('/') === 'health') return { GET: (request) => health(controlPlane, node, key, request) }
  return targetHealthEndpoints(controlPlane, node, key, below)
}

function targets(
  controlPlane: ControlPlane,
  place: Place,
  { segments, query }: AdminRequest,
  more: (target: Entity) => object = () => ({}),
): Reply {
  const entities = controlPlane.entities()
  return page(listAt(entities, place), `/${segments.join('/')}`, query, (target) => ({
    ...present(entities, 'targets', target),
    ...more(target),
  }))
}

async function health(
  controlPlane: ControlPlane,
  { health, id }: RunningNode,
  key: string,
  request: AdminRequest,
): Promise<Reply> {
  const upstream = found(controlPlane.entities(), 'upstreams', key)
  const status = (await health.status()).find((one) => one.upstream.id === upstream.id)
  // Kong tells nothing of an upstream that its balancer has yet to take notice of.
  const known = status?.isSettled ? status : undefined
  if (request.query.get('balancer_health') === '1')
    return { status: 200, body: { data: known && shownUpstream(known), next: null, node_id: id } }
  const listed = targets(controlPlane, targetsOf(key), request, (target) => (known ? healthOf(known, target) : {}))
  return { ...listed, body: { ...(listed.body as object), node_id: id } }
}

function healthOf({ targets }: UpstreamStatus, entity: Entity): object {
  const status = targets.find(({ target }) => target.name === (entity as Target).target)
  return status ? { health: status.health, data: shownTarget(status, 'health') } : {}
}
