import { turnsMemory } from './balancer/memory.ts'
import { createSharedCounters } from './plugins/counters.ts'
import { cacheMemory } from './plugins/shared-cache.ts'

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
