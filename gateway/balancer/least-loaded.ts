import type { Algorithm, Choice } from './algorithm.ts'
import type { Candidate, Load } from './target.ts'

/** The address with the fewest requests under way for its weight, this one counted. */
export function leastConnections(candidates: readonly Candidate[]): Algorithm {
  return (choice) => lowest(candidates, choice, ({ load, weight }) => (load.connections + 1) / weight)
}

/** Seconds in which an answer loses most of its say, as in Kong. */
const DECAY = 10

/** The address that has been quickest of late, for its weight; one that is new counts as an average one. */
export function lowestLatency(candidates: readonly Candidate[], now: () => number): Algorithm {
  return (choice) => {
    const average = averageLatency(candidates)
    const latency = (load: Load) => (load.latency === undefined ? average : load.latency * faded(load.latencyAt, now()))
    const isFresh = (candidate: Candidate) => !choice.failed.has(candidate)
    // Unlike the other algorithms of Kong, this one asks nobody twice, unless there is nobody else at all.
    const asked = candidates.length > 1 ? candidates.filter(isFresh) : candidates
    return lowest(asked, choice, ({ load, weight }) => latency(load) / weight)
  }
}

/** Takes an answer's time into an address's latency. */
export function observeLatency({ load }: Candidate, milliseconds: number, now: number): void {
  const kept = faded(load.latencyAt, now)
  load.latency = load.latency === undefined ? milliseconds : load.latency * kept + milliseconds * (1 - kept)
  load.latencyAt = now
}

function faded(since: number, now: number): number {
  return Math.exp(-Math.max(0, now - since) / 1000 / DECAY)
}

function averageLatency(candidates: readonly Candidate[]): number {
  const known = candidates.flatMap(({ load }) => (load.latency === undefined ? [] : [load.latency]))
  return known.reduce((sum, latency) => sum + latency, 0) / (known.length || 1)
}

/** Who has failed this request is asked again only when all have. */
function lowest(
  candidates: readonly Candidate[],
  { failed, usable }: Choice,
  score: (candidate: Candidate) => number,
): Candidate | undefined {
  const able = candidates.filter(usable)
  const fresh = able.filter((candidate) => !failed.has(candidate))
  let best: Candidate | undefined
  let bestScore = Number.POSITIVE_INFINITY
  for (const candidate of fresh.length > 0 ? fresh : able) {
    const itsScore = score(candidate)
    if (itsScore >= bestScore) continue
    best = candidate
    bestScore = itsScore
  }
  return best
}
