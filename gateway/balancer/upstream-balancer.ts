import type { Target, Upstream } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import { createAddressBook } from './address-book.ts'
import type { Algorithm } from './algorithm.ts'
import { createRing } from './consistent-hashing.ts'
import type { HealthView } from './health-view.ts'
import { leastConnections, lowestLatency } from './least-loaded.ts'
import type { BalancerMemory } from './memory.ts'
import type { PeerAt, Peers } from './peer.ts'
import type { Resolver } from './resolver.ts'
import { createWheel, type Turn } from './round-robin.ts'
import { type Address, addressKey, balancedTarget, type Candidate, newLoad } from './target.ts'
import { UpstreamPeers } from './upstream-peers.ts'

interface UpstreamBalancerOptions {
  upstream: Upstream
  /** Its own. */
  targets: readonly Target[]
  resolver: Resolver
  health: HealthView
  memory: BalancerMemory
}

/** Those whom requests may go to, and how one of them is chosen. */
export interface Field {
  candidates: readonly Candidate[]
  algorithm: Algorithm
}

/** Spreads requests over the addresses of one upstream's targets. */
export function createUpstreamBalancer({ upstream, targets, resolver, health, memory }: UpstreamBalancerOptions) {
  const own = targets.map(balancedTarget).filter(({ weight }) => weight > 0)
  const book = createAddressBook(upstream, own, resolver)
  const turn = memory.turnOf(upstream.name)
  let known: readonly Address[] | undefined
  let field: Field = { candidates: [], algorithm: () => undefined }

  function fieldOf(addresses: readonly Address[]): Field {
    if (addresses === known) return field
    known = addresses
    const loads = memory.loads.get(upstream.name)
    const candidates = addresses.map((address) => ({
      ...address,
      load: loads?.get(addressKey(address)) ?? newLoad(),
    }))
    memory.loads.set(upstream.name, new Map(candidates.map((candidate) => [addressKey(candidate), candidate.load])))
    field = { candidates, algorithm: algorithmOf(upstream, candidates, targets.length, turn) }
    return field
  }

  function read(): Field | Promise<Field> {
    const addresses = book.read()
    return addresses instanceof Promise ? addresses.then(fieldOf) : fieldOf(addresses)
  }

  // Names are looked up when the config comes into force, not when the first request waits for them.
  void read()
  return (exchange: Exchange, peerAt: PeerAt): Peers => new UpstreamPeers({ upstream, read, health, exchange, peerAt })
}

function algorithmOf(
  { algorithm, slots }: Upstream,
  candidates: readonly Candidate[],
  targets: number,
  turn: Turn,
): Algorithm {
  if (candidates.length === 0) return () => undefined
  switch (algorithm) {
    case 'round-robin': {
      const next = createWheel(candidates, turn)
      return ({ usable }) => next(usable)
    }
    case 'consistent-hashing':
      return createRing(candidates, targets, slots)
    case 'least-connections':
      return leastConnections(candidates)
    case 'latency':
      return lowestLatency(candidates, Date.now)
  }
}
