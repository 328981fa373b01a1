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
    if (!byName.has(host)) {
      const own = { host, port, hostname: host }
      return () => own
    }
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

const TARGET = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/
/** Kong's port of a target that names none. */
const TARGET_PORT = 8000

/** `host:port`, an IPv6 address in brackets. */
function splitTarget(target: string, header: string | undefined): Place {
  const [, host = target, port] = TARGET.exec(target) ?? []
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port ?? TARGET_PORT), hostname: header ?? host }
}

function peersOf(service: Service, resolver: Resolver, nextPlace: () => Place): NextPeer {
  const made = new Map<Place, Map<string, Peer>>()
  let turn = 0

  function peerAt(addresses: readonly string[], place: Place): Peer {
    const ip = addresses[turn++ % addresses.length] as string
    return made.get(place)?.get(ip) ?? make(place, ip)
  }

  function make(place: Place, ip: string): Peer {
    const peer = createPeer(service, ip, place.port, place.hostname)
    const here = made.get(place) ?? new Map<string, Peer>()
    made.set(place, here.set(ip, peer))
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
