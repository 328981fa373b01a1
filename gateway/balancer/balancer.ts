import type { Certificates } from '../certificates.ts'
import type { Entities, Service } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import type { HealthView } from './health-view.ts'
import type { BalancerMemory } from './memory.ts'
import type { Found } from './name-service.ts'
import { NoPeer, type Peer, type PeerAt, type Peers, peersOf } from './peer.ts'
import type { Resolver } from './resolver.ts'
import { trustOf } from './trust.ts'
import { createUpstreamBalancer } from './upstream-balancer.ts'

export interface Balancer {
  /** Where a request may go; the exchange is what consistent hashing looks at. */
  peersFor(service: Service, exchange: Exchange): Peers
}

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
      const balance = createUpstreamBalancer({
        upstream,
        targets: targets.get(upstream.id) ?? [],
        resolver,
        health,
        memory,
      })
      return [upstream.name, { entity: upstream, balance }]
    }),
  )
  for (const name of memory.loads.keys()) if (!upstreams.has(name)) memory.loads.delete(name)
  const sources = new Map(entities.services.map((service) => [service.id, sourceOf(service)]))

  function sourceOf(service: Service): (exchange: Exchange) => Peers {
    const upstream = upstreams.get(service.host)
    const peerAt = peersOf(service, trustOf(service, upstream?.entity, entities, certificates))
    const secure = service.protocol === 'https'
    if (upstream) return (exchange) => upstream.balance(exchange, secure ? naming(exchange, peerAt) : peerAt)
    const own = ownPeers(service, resolver)
    const unnamed = own(peerAt)
    return (exchange) => (secure ? own(naming(exchange, peerAt)) : unnamed)
  }

  return {
    peersFor: (service, exchange) => (sources.get(service.id) as (exchange: Exchange) => Peers)(exchange),
  }
}

/** Over TLS, who is asked for is whom the Host header names: the client's own, where that is kept or a plugin has set another. */
function naming({ match, request, upstream }: Exchange, peerAt: PeerAt): PeerAt {
  const host = upstream.host ?? (match?.route.preserve_host ? request.headers.get('host') : undefined)
  const servername = host?.replace(/:\d+$/, '')
  return servername ? (address) => peerAt({ ...address, servername }) : peerAt
}

/** Of a service whose host is its own: its addresses in turn. */
function ownPeers({ host, port }: Service, resolver: Resolver): (peerAt: PeerAt) => Peers {
  let turn = 0
  function peer(found: readonly Found[], peerAt: PeerAt): Peer {
    const next = found[turn++ % found.length]
    if (!next) throw new NoPeer(503, 'name resolution failed')
    return peerAt({ ip: next.ip, port: next.port || port, hostname: host })
  }
  return (peerAt) => ({
    next() {
      const found = resolver.resolve(host)
      if (!(found instanceof Promise)) return peer(found, peerAt)
      return found.catch(() => []).then((late) => peer(late, peerAt))
    },
    failed: nothing,
    ended: nothing,
  })
}

function nothing(): void {
  // Nobody counts what becomes of a host that stands alone.
}
