import { turnsMemory } from './balancer/memory.ts'
import { createSharedCounters } from './plugins/counters.ts'
import { cacheMemory, createSharedCache } from './plugins/shared-cache.ts'

/** What the workers of a node have in common, where Kong's have nginx's shared dictionaries. */
export interface SharedMemory {
  /** Of rate limits. */
  counters: SharedArrayBuffer
  /** Answers that proxy-cache keeps. */
  cache: SharedArrayBuffer
  /** Where the upstreams' wheels stand. */
  turns: SharedArrayBuffer
}

export const createSharedMemory = (): SharedMemory => ({
  counters: createSharedCounters().buffer,
  cache: cacheMemory(),
  turns: turnsMemory(),
})

/** How much of each part is taken, in bytes. */
export type Occupancy = Record<string, { used: number; total: number }>

/** By the names of the dictionaries in which Kong has the same. Where the wheels stand takes the same room whatever happens. */
export function createOccupancy(memory: SharedMemory): () => Occupancy {
  const counters = createSharedCounters(memory.counters)
  const cache = createSharedCache(memory.cache)
  return () => ({ kong_rate_limiting_counters: counters.occupancy(), kong_db_cache: cache.occupancy() })
}
