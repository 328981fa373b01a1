import type { Entities, Service, Target, Upstream } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import { createPeer, NoPeer, type Peer } from './peer.ts'
import type { Resolver } from './resolver.ts'
import { createWheel } from './round-robin.ts'

/** Gives the peer of each try of one request; throws or rejects with NoPeer when there is none. */
export type NextPeer = () => Peer | Promise<Peer>

export interface Balancer {
  /** Where a request may go; the exchange is what consistent hashing looks at. */
  peersFor(service: Service, exchange: Exchange): NextPeer
}

interface Place {
  host: string
  port: number
  /** For the Host header. */
  hostname: string
}

/** A service's host is the name of an upstream with targets, or a host of its own. */
export function createBalancer({ services, upstreams, targets }: Entities, resolver: Resolver): Balancer {
  const byName = new Map(upstreams.map((upstream) => [upstream.name, upstream]))
  const places = new Map(upstreams.map((upstream) => [upstream.name, targetsOf(upstream, targets)]))
  const peers = new Map(services.map((service) => [service.id, peersOf(service, resolver, placesOf(service))]))

  function placesOf(service: Service): () => Place {
    const { host, port } = service
    if (!byName.has(host)) return () => ({ host, port, hostname: host })
    const next = places.get(host)
    return () => {
      if (!next) throw new NoPeer(503, 'failure to get a peer from the ring-balancer')
      return next()
    }
  }

  return {
    peersFor(service) {
      return peers.get(service.id) as NextPeer
    },
  }
}

function targetsOf(upstream: Upstream, targets: readonly Target[]): (() => Place) | undefined {
  const own = targets.filter((target) => target.upstream.id === upstream.id)
  const header = typeof upstream.host_header === 'string' ? upstream.host_header : undefined
  return createWheel(own.map(({ target, weight }) => ({ ...splitTarget(target, header), weight })))
}

/** Kong stores targets with their port, and IPv6 addresses in brackets. */
function splitTarget(target: string, header: string | undefined): Place {
  const at = target.lastIndexOf(':')
  const host = target.slice(0, at)
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(target.slice(at + 1)), hostname: header ?? host }
}

function peersOf(service: Service, resolver: Resolver, nextPlace: () => Place): NextPeer {
  const made = new Map<string, Peer>()
  let turn = 0

  function peerAt(addresses: readonly string[], { port, hostname }: Place): Peer {
    const ip = addresses[turn++ % addresses.length] as string
    const key = `${ip}|${port}|${hostname}`
    const peer = made.get(key) ?? createPeer(service, ip, port, hostname)
    made.set(key, peer)
    return peer
  }

  return () => {
    const place = nextPlace()
    const addresses = resolver.resolve(place.host)
    if (!(addresses instanceof Promise)) return peerAt(addresses, place)
    return addresses.then(
      (found) => peerAt(found, place),
      () => Promise.reject(new NoPeer(503, 'name resolution failed')),
    )
  }
}
