import type { Algorithm } from './algorithm.ts'
import type { BalancedTarget } from './target.ts'
import { xxhash32 } from './xxhash32.ts'

/** Points of each target where all have the same weight. */
const POINTS = 160
const SMALLEST_RING = 1000
/** How much of the ring is taken at most. */
const FULLEST = 0.9

/**
 * Kong's ring (after Ketama): every target stands at points that only its own name decides, so that one that comes or
 * goes moves no more keys than its share.
 */
export function createRing(targets: readonly BalancedTarget[], slots: number): Algorithm {
  const ring = fill(targets, Math.max(slots, SMALLEST_RING))
  return ({ hash, usable }) => {
    let at = xxhash32(hash) % ring.length
    for (let passed = 0; passed < ring.length; passed++) {
      const target = ring[at]
      if (target && usable(target)) return target
      at = (at + ring.length - 1) % ring.length
    }
    return undefined
  }
}

function fill(targets: readonly BalancedTarget[], slots: number): (BalancedTarget | undefined)[] {
  const ring: (BalancedTarget | undefined)[] = Array(slots).fill(undefined)
  const total = targets.reduce((sum, { weight }) => sum + weight, 0)
  // With so many targets that they would fill the ring, the last ones would find no place in it.
  const points = Math.min(POINTS, (FULLEST * slots) / targets.length)
  let free = slots
  for (const target of [...targets].sort(byName)) {
    let left = Math.max(1, Math.floor((target.weight / total) * targets.length * points))
    for (let point = 1; left > 0 && free > 0; point++) {
      const at = xxhash32(`${target.host}::${target.port} ${point}`) % slots
      if (ring[at]) continue
      ring[at] = target
      left--
      free--
    }
  }
  return ring
}

function byName(a: BalancedTarget, b: BalancedTarget): number {
  if (a.host === b.host) return a.port - b.port
  return a.host < b.host ? -1 : 1
}
