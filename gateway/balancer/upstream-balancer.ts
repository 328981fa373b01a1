import type { Target, Upstream } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import type { Algorithm } from './algorithm.ts'
import { createRing } from './consistent-hashing.ts'
import type { HealthView } from './health-view.ts'
import { leastConnections, lowestLatency } from './least-loaded.ts'
import type { PeerAt, Peers } from './peer.ts'
import type { Resolver } from './resolver.ts'
import { createWheel, type Turn } from './round-robin.ts'
import { type BalancedTarget, balancedTarget, type Load, newLoad } from './target.ts'
import { UpstreamPeers } from './upstream-peers.ts'

/** What outlives a reload, as long as the upstream keeps its name. */
export interface UpstreamMemory {
  turn: Turn
  loads: Map<string, Load>
}

interface UpstreamBalancerOptions {
  upstream: Upstream
  /** Its own. */
  targets: readonly Target[]
  resolver: Resolver
  health: HealthView
  memory: UpstreamMemory
}

/** Spreads requests over the targets of one upstream. */
export function createUpstreamBalancer({ upstream, targets, resolver, health, memory }: UpstreamBalancerOptions) {
  const own = targets
    .filter(({ weight }) => weight > 0)
    .map((target) => balancedTarget(target, upstream, memory.loads.get(target.target) ?? newLoad()))
  memory.loads = new Map(own.map(({ name, load }) => [name, load]))
  const algorithm = algorithmOf(upstream, own, memory.turn)
  return (exchange: Exchange, peerAt: PeerAt): Peers =>
    new UpstreamPeers({ upstream, targets: own, algorithm, resolver, health, exchange, peerAt })
}

function algorithmOf({ algorithm, slots }: Upstream, targets: BalancedTarget[], turn: Turn): Algorithm {
  if (targets.length === 0) return () => undefined
  switch (algorithm) {
    case 'round-robin': {
      const next = createWheel(targets, turn)
      return ({ usable }) => next(usable)
    }
    case 'consistent-hashing':
      return createRing(targets, slots)
    case 'least-connections':
      return leastConnections(targets)
    case 'latency':
      return lowestLatency(targets, Date.now)
  }
}
