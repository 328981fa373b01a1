import { hash } from 'node:crypto'
import type { Cache } from '../plugin.ts'
import { CacheIndex, type Hash, indexMemory, LOCK } from './cache-index.ts'
import { lock, unlock } from './shared-lock.ts'

/** A cache in memory that all threads of the node share; what has not been asked for the longest makes room. */
export interface SharedCache extends Cache {
  /** What another thread makes its own view of the same cache from. */
  readonly buffer: SharedArrayBuffer
  /** How much is taken of what there is, in bytes. */
  occupancy(): { used: number; total: number }
}

/** Bytes, of everything that is kept. */
const CAPACITY = 64 * 1024 * 1024

export const cacheMemory = (capacity = CAPACITY): SharedArrayBuffer => indexMemory(capacity)

export function createSharedCache(buffer = cacheMemory(), now: () => number = Date.now): SharedCache {
  const index = new CacheIndex(buffer)

  function exclusively<Result>(work: () => Result): Result {
    // Nobody knows how far a thread had come that died at its work.
    if (!lock(index.words, LOCK)) index.clear()
    try {
      return work()
    } finally {
      unlock(index.words, LOCK)
    }
  }

  return {
    buffer,
    get(key) {
      const name = hashOf(key)
      return exclusively(() => index.get(name, now()))
    },
    set(key, value, lifeSpan) {
      const name = hashOf(key)
      exclusively(() => index.set(name, value, now() + lifeSpan))
    },
    delete(key) {
      const name = hashOf(key)
      exclusively(() => index.delete(name))
    },
    clear: () => exclusively(() => index.clear()),
    occupancy: () => exclusively(() => index.occupancy()),
  }
}

/** So long that no two keys have the same one. */
function hashOf(key: string): Hash {
  const digest = hash('sha256', key, 'buffer')
  return Int32Array.of(digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), digest.readInt32LE(12))
}
