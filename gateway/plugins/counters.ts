import { randomInt } from 'node:crypto'
import type { Counters } from '../plugin.ts'
import { lock, unlock } from './shared-lock.ts'

/**
 * Counters in memory that all worker threads share. A key's hash names a bucket; a bucket is changed under its lock only,
 * so no increment is lost. Memory is bounded: where a bucket is full, what would expire first makes room.
 */
export interface SharedCounters extends Counters {
  /** What another thread makes its own view of the same counters from. */
  readonly buffer: SharedArrayBuffer
  /** How much is taken of what there is, in bytes. */
  occupancy(): { used: number; total: number }
}

const BUCKETS = 1 << 14
const SLOTS_PER_BUCKET = 16
const SLOTS = BUCKETS * SLOTS_PER_BUCKET
/** Of a slot besides its expiry: 64 bits of hash, and the count. */
const WORDS_PER_SLOT = 3
const EXPIRIES_SIZE = SLOTS * Float64Array.BYTES_PER_ELEMENT
const WORDS = 1 + BUCKETS + SLOTS * WORDS_PER_SLOT
const SLOT_SIZE = Float64Array.BYTES_PER_ELEMENT + WORDS_PER_SLOT * Int32Array.BYTES_PER_ELEMENT
const SIZE = EXPIRIES_SIZE + WORDS * Int32Array.BYTES_PER_ELEMENT

export function createSharedCounters(
  buffer: SharedArrayBuffer = new SharedArrayBuffer(SIZE),
  now: () => number = Date.now,
): SharedCounters {
  const expiries = new Float64Array(buffer, 0, SLOTS)
  const words = new Int32Array(buffer, EXPIRIES_SIZE, WORDS)
  // A client that chooses keys cannot aim at another's counter: the seed is secret, and the same for all threads.
  Atomics.compareExchange(words, 0, 0, randomInt(1, 2 ** 31))
  const seed = Atomics.load(words, 0)

  const bucketOf = (high: number, low: number) => (high ^ low) & (BUCKETS - 1)
  const wordOf = (slot: number) => 1 + BUCKETS + slot * WORDS_PER_SLOT

  function find(bucket: number, high: number, low: number): number {
    const first = bucket * SLOTS_PER_BUCKET
    for (let slot = first; slot < first + SLOTS_PER_BUCKET; slot++)
      if (words[wordOf(slot)] === high && words[wordOf(slot) + 1] === low) return slot
    return -1
  }

  function firstToExpire(bucket: number): number {
    const first = bucket * SLOTS_PER_BUCKET
    let found = first
    for (let slot = first + 1; slot < first + SLOTS_PER_BUCKET; slot++)
      if ((expiries[slot] as number) < (expiries[found] as number)) found = slot
    return found
  }

  return {
    buffer,

    get(key) {
      const [high, low] = [hash(key, seed), hash(key, ~seed)]
      const bucket = bucketOf(high, low)
      lock(words, 1 + bucket)
      const slot = find(bucket, high, low)
      const count = slot >= 0 && (expiries[slot] as number) > now() ? (words[wordOf(slot) + 2] as number) : 0
      unlock(words, 1 + bucket)
      return count
    },

    increment(key, by, lifeSpan) {
      const [high, low] = [hash(key, seed), hash(key, ~seed)]
      const bucket = bucketOf(high, low)
      const time = now()
      lock(words, 1 + bucket)
      const known = find(bucket, high, low)
      const slot = known < 0 ? firstToExpire(bucket) : known
      const word = wordOf(slot)
      if (known < 0 || (expiries[slot] as number) <= time) {
        words[word] = high
        words[word + 1] = low
        words[word + 2] = 0
        expiries[slot] = time + lifeSpan
      }
      const count = (words[word + 2] as number) + by
      words[word + 2] = count
      unlock(words, 1 + bucket)
      return count
    },

    occupancy() {
      const time = now()
      let counting = 0
      for (const expiry of expiries) if (expiry > time) counting++
      return { used: counting * SLOT_SIZE, total: SLOTS * SLOT_SIZE }
    },
  }
}

/** MurmurHash3 (32 bits), a UTF-16 code unit a round. */
function hash(key: string, seed: number): number {
  let state = seed
  for (let at = 0; at < key.length; at++) {
    const unit = Math.imul(key.charCodeAt(at), 0xcc9e2d51)
    state ^= Math.imul((unit << 15) | (unit >>> 17), 0x1b873593)
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0
  }
  state = Math.imul(state ^ key.length ^ ((state ^ key.length) >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}
