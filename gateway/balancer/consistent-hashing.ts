import type { Algorithm } from './algorithm.ts'
import type { Candidate } from './target.ts'
import { xxhash32 } from './xxhash32.ts'

/** Points of each address where all have the same weight. */
const POINTS = 160
const SMALLEST_RING = 1000
/** How much of the ring is taken at most. */
const FULLEST = 0.9

/**
 * Kong's ring (after Ketama): every address stands at points that only it decides, so that one that comes or
 * goes moves no more keys than its share. `targets`: how many are declared, those without weight or address among them.
 */
export function createRing(candidates: readonly Candidate[], targets: number, slots: number): Algorithm {
  const ring = fill(candidates, targets, Math.max(slots, SMALLEST_RING))
  return ({ hash, usable }) => {
    let at = xxhash32(hash) % ring.length
    for (let passed = 0; passed < ring.length; passed++) {
      const candidate = ring[at]
      if (candidate && usable(candidate)) return candidate
      at = (at + ring.length - 1) % ring.length
    }
    return undefined
  }
}

function fill(candidates: readonly Candidate[], targets: number, slots: number): (Candidate | undefined)[] {
  const ring: (Candidate | undefined)[] = Array(slots).fill(undefined)
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0)
  // With so many that they would fill the ring, the last ones would find no place in it.
  const points = Math.min(POINTS, (FULLEST * slots) / targets)
  let free = slots
  for (const candidate of [...candidates].sort(byName)) {
    let left = Math.max(1, Math.floor((candidate.weight / total) * targets * points))
    for (let point = 1; left > 0 && free > 0; point++) {
      const at = xxhash32(`${candidate.ip}::${candidate.port} ${point}`) % slots
      if (ring[at]) continue
      ring[at] = candidate
      left--
      free--
    }
  }
  return ring
}

function byName(a: Candidate, b: Candidate): number {
  const [one, other] = [a.target, b.target]
  if (one.host !== other.host) return one.host < other.host ? -1 : 1
  if (one.port !== other.port) return one.port - other.port
  return `${a.ip}:${a.port}` < `${b.ip}:${b.port}` ? -1 : 1
}
