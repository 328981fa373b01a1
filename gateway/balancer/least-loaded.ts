import type { Algorithm, Choice } from './algorithm.ts'
import type { BalancedTarget, Load } from './target.ts'

/** The target with the fewest requests under way for its weight, this one counted. */
export function leastConnections(targets: readonly BalancedTarget[]): Algorithm {
  return (choice) => lowest(targets, choice, ({ load, weight }) => (load.connections + 1) / weight)
}

/** Seconds in which an answer loses most of its say, as in Kong. */
const DECAY = 10

/** The target that has been quickest of late, for its weight; one that is new counts as an average one. */
export function lowestLatency(targets: readonly BalancedTarget[], now: () => number): Algorithm {
  return (choice) => {
    const average = averageLatency(targets)
    const latency = (load: Load) => (load.latency === undefined ? average : load.latency * faded(load.latencyAt, now()))
    return lowest(targets, choice, ({ load, weight }) => latency(load) / weight)
  }
}

/** Takes an answer's time into a target's latency. */
export function observeLatency({ load }: BalancedTarget, milliseconds: number, now: number): void {
  const kept = faded(load.latencyAt, now)
  load.latency = load.latency === undefined ? milliseconds : load.latency * kept + milliseconds * (1 - kept)
  load.latencyAt = now
}

function faded(since: number, now: number): number {
  return Math.exp(-Math.max(0, now - since) / 1000 / DECAY)
}

function averageLatency(targets: readonly BalancedTarget[]): number {
  const known = targets.flatMap(({ load }) => (load.latency === undefined ? [] : [load.latency]))
  return known.reduce((sum, latency) => sum + latency, 0) / (known.length || 1)
}

/** Who has failed this request is asked again only when all have. */
function lowest(
  targets: readonly BalancedTarget[],
  { failed, usable }: Choice,
  score: (target: BalancedTarget) => number,
): BalancedTarget | undefined {
  const able = targets.filter(usable)
  const fresh = able.filter((target) => !failed.has(target))
  let best: BalancedTarget | undefined
  let bestScore = Number.POSITIVE_INFINITY
  for (const target of fresh.length > 0 ? fresh : able) {
    const itsScore = score(target)
    if (itsScore >= bestScore) continue
    best = target
    bestScore = itsScore
  }
  return best
}
