import type { Redis } from 'ioredis'

/** In milliseconds. */
const FAILURE_PAUSE = 250

/**
 * Spares requests the wait for a Redis that does not answer: once it has failed nobody asks it again before a pause is over, and
 * then one request alone, until it has been answered.
 */
export interface RedisPause {
  /** Whether Redis may be asked. Whoever has asked says how it ended. */
  admits(time: number): boolean
  answered(): void
  failed(time: number): void
}

const pauses = new WeakMap<Redis, RedisPause>()

/** All that ask over one connection share what they know of it. */
export function pauseOf(redis: Redis): RedisPause {
  const pause = pauses.get(redis) ?? createPause()
  pauses.set(redis, pause)
  return pause
}

function createPause(): RedisPause {
  let failing = false
  let askableFrom = Number.NEGATIVE_INFINITY
  return {
    admits(time) {
      if (time < askableFrom) return false
      if (failing) askableFrom = Number.POSITIVE_INFINITY
      return true
    },
    answered() {
      failing = false
      askableFrom = Number.NEGATIVE_INFINITY
    },
    failed(time) {
      failing = true
      askableFrom = time + FAILURE_PAUSE
    },
  }
}
