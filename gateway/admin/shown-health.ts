import type { TargetStatus, UpstreamStatus } from '../balancer/upstream-status.ts'

/** How Kong shows an upstream's health: `GET /upstreams/<…>/health?balancer_health=1`. */
export function shownUpstream({ upstream, isChecked, isUp, weights, targets }: UpstreamStatus): object {
  const balancer_health = isUp ? 'HEALTHY' : 'UNHEALTHY'
  return {
    health: isChecked ? balancer_health : 'HEALTHCHECKS_OFF',
    balancer_health,
    id: upstream.id,
    details: { healthy: isUp, weight: weights, hosts: listed(targets.map((target) => shownTarget(target, 'healthy'))) },
  }
}

/** Addresses say how they are by `health`, or in an upstream's details whether they are, by `healthy`. */
export function shownTarget({ target, dns, weights, addresses }: TargetStatus, how: 'health' | 'healthy'): object {
  return {
    host: target.host,
    port: target.port,
    dns,
    nodeWeight: target.weight,
    weight: weights,
    addresses: listed(
      addresses.map(({ ip, port, weight, up, health }) => ({
        ip,
        port,
        weight,
        ...(how === 'health' ? { health } : { healthy: up }),
      })),
    ),
  }
}

/** An empty list is an empty table of Lua's, which Kong writes as an object. */
const listed = (items: object[]): object => (items.length > 0 ? items : {})
