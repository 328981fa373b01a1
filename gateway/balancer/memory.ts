import type { Turn } from './round-robin.ts'
import type { Load } from './target.ts'
import { xxhash32 } from './xxhash32.ts'

/** What outlives a reload, by the name of the upstream. */
export interface BalancerMemory {
  /** Where its wheel stands: one place for all workers. */
  turnOf(upstream: string): Turn
  /** Of its addresses, by `addressKey`; each worker has its own. */
  loads: Map<string, Map<string, Load>>
}

/** Upstreams whose names fall together share a place, and only take turns a little less evenly for it. */
const PLACES = 4096

export const turnsMemory = () => new SharedArrayBuffer(PLACES * Uint32Array.BYTES_PER_ELEMENT)

export function createBalancerMemory(turns = turnsMemory()): BalancerMemory {
  const places = new Uint32Array(turns)
  return {
    turnOf(upstream) {
      const place = xxhash32(upstream) % PLACES
      return () => Atomics.add(places, place, 1)
    },
    loads: new Map(),
  }
}
