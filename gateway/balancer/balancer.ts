import type { Certificates } from '../certificates.ts'
import type { Entities, Service } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import type { HealthView } from './health-view.ts'
import { NoPeer, type Peer, type Peers, peersOf } from './peer.ts'
import type { Resolver } from './resolver.ts'
import { trustOf } from './trust.ts'
import { createUpstreamBalancer, type UpstreamMemory } from './upstream-balancer.ts'

export interface Balancer {
  /** Where a request may go; the exchange is what consistent hashing looks at. */
  peersFor(service: Service, exchange: Exchange): Peers
}

/** What balancers hand on to the next one, by the name of the upstream. */
export type BalancerMemory = Map<string, UpstreamMemory>

interface BalancerOptions {
  entities: Entities
  /** Those that TLS connections to upstreams may show. */
  certificates: Certificates
  resolver: Resolver
  health: HealthView
  memory: BalancerMemory
}

/** A service's host is the name of an upstream with targets, or a host of its own. */
export function createBalancer({ entities, certificates, resolver, health, memory }: BalancerOptions): Balancer {
  const targets = Map.groupBy(entities.targets, ({ upstream }) => upstream.id)
  const upstreams = new Map(
    entities.upstreams.map((upstream) => {
      const own = memory.get(upstream.name) ?? { turn: { next: 0 }, loads: new Map() }
      memory.set(upstream.name, own)
      const balance = createUpstreamBalancer({
        upstream,
        targets: targets.get(upstream.id) ?? [],
        resolver,
        health,
        memory: own,
      })
      return [upstream.name, { entity: upstream, balance }]
    }),
  )
  for (const name of memory.keys()) if (!upstreams.has(name)) memory.delete(name)
  const sources = new Map(entities.services.map((service) => [service.id, sourceOf(service)]))

  function sourceOf(service: Service): (exchange: Exchange) => Peers {
    const upstream = upstreams.get(service.host)
    const peerAt = peersOf(service, trustOf(service, upstream?.entity, entities, certificates))
    if (upstream) return (exchange) => upstream.balance(exchange, peerAt)
    const own = ownPeers(service, resolver, peerAt)
    return () => own
  }

  return {
    peersFor: (service, exchange) => (sources.get(service.id) as (exchange: Exchange) => Peers)(exchange),
  }
}

/** Of a service whose host is its own: its addresses in turn. */
function ownPeers({ host, port }: Service, resolver: Resolver, peerAt: ReturnType<typeof peersOf>): Peers {
  let turn = 0
  const peer = (addresses: readonly string[]): Peer =>
    peerAt({ ip: addresses[turn++ % addresses.length] as string, port, hostname: host })
  return {
    next() {
      const addresses = resolver.resolve(host)
      if (!(addresses instanceof Promise)) return peer(addresses)
      return addresses.then(peer, () => Promise.reject(new NoPeer(503, 'name resolution failed')))
    },
    failed: nothing,
    ended: nothing,
  }
}

function nothing(): void {
  // Nobody counts what becomes of a host that stands alone.
}
