import type { Redis } from 'ioredis'
import { pauseOf } from '../redis-pause.ts'

/** In milliseconds. What was found is used for so long; from the refresh age on it is looked up again on the side. */
const MAX_AGE = 900
const REFRESH_AGE = 450
const GENERATION = 8192

interface Finding {
  revoked: boolean
  /** When Redis was asked: what was revoked later is not in it. */
  askedAt: number
  refreshing: boolean
}

export interface Revocations {
  /** At once where a finding of the last second exists. The promise rejects while Redis is away. */
  isRevoked(sessionId: string): boolean | Promise<boolean>
}

/**
 * Whether sessions have been ended: auth writes `revoked:<sid>`, this node sees it within a second and still asks
 * Redis but about twice a second for a session in use, off the request's way. A revoked session stays so.
 */
export function createRevocations(redis: Redis, now: () => number): Revocations {
  let young = new Map<string, Finding>()
  let old = new Map<string, Finding>()
  let waiting: Map<
    string,
    { promise: Promise<boolean>; resolve(revoked: boolean): void; reject(reason: unknown): void }
  > = new Map()
  const pause = pauseOf(redis)

  function keep(sessionId: string, finding: Finding): void {
    if (young.size >= GENERATION) {
      old = young
      young = new Map()
    }
    young.set(sessionId, finding)
  }

  /** All sessions that are asked for in one turn of the event loop travel in one command. */
  async function flush(): Promise<void> {
    const batch = waiting
    waiting = new Map()
    const askedAt = now()
    try {
      const found = await redis.mget([...batch.keys()].map((sessionId) => `revoked:${sessionId}`))
      pause.answered()
      for (const [at, [sessionId, { resolve }]] of [...batch].entries()) {
        const revoked = found[at] !== null
        keep(sessionId, { revoked, askedAt, refreshing: false })
        resolve(revoked)
      }
    } catch (error) {
      pause.failed(now())
      for (const { reject } of batch.values()) reject(error)
    }
  }

  function ask(sessionId: string): Promise<boolean> {
    if (!pause.admits(now())) return Promise.reject(new Error('Redis is away'))
    let asked = waiting.get(sessionId)
    if (asked === undefined) {
      asked = Promise.withResolvers<boolean>()
      if (waiting.size === 0) setImmediate(flush)
      waiting.set(sessionId, asked)
    }
    return asked.promise
  }

  function refresh(sessionId: string, finding: Finding): void {
    finding.refreshing = true
    ask(sessionId).catch(() => {
      finding.refreshing = false
    })
  }

  return {
    isRevoked(sessionId) {
      const finding = young.get(sessionId) ?? old.get(sessionId)
      if (finding === undefined) return ask(sessionId)
      if (finding.revoked) return true
      const age = now() - finding.askedAt
      if (age >= MAX_AGE) return ask(sessionId)
      if (age >= REFRESH_AGE && !finding.refreshing) refresh(sessionId, finding)
      return false
    },
  }
}
