import { setTimeout as delay } from 'node:timers/promises'
import type { Entities } from './entities.ts'
import type { Log } from './plugin.ts'
import type { Workers } from './workers.ts'

/** Brings the config to the workers, one version after the other. */
export interface Propagation {
  /** Resolves when every worker serves it; rejects with the reason of one that cannot, and then none does. */
  apply(entities: Entities): Promise<void>
  /** For what no worker can refuse: they get it soon, together with what follows on it. */
  follow(entities: Entities): void
  /**
   * Whether an answer waits for the workers. Thousands of changes in a row do not: each worker would work out the whole config
   * anew for every few of them.
   */
  waits(): boolean
}

interface PropagationOptions {
  workers: Pick<Workers, 'apply'>
  log: Pick<Log, 'error'>
  /** Milliseconds. */
  now: () => number
}

/** Milliseconds for which the answers to changes in a row wait in all, and after how many without a change the next ones wait again. */
const PATIENCE = 500
const QUIET = 1_000

/**
 * Milliseconds from a change that is not waited for to its way to the workers: as long as these take to work out a config, so that
 * half of their time stays the clients', within these bounds. Both together are to stay within the second that is promised.
 */
const SHORTEST = 250
const LONGEST = 500

export function createPropagation({ workers, log, now }: PropagationOptions): Propagation {
  let waited = 0
  let took = 0
  let asked = Number.NEGATIVE_INFINITY
  /** What the workers do not have yet. */
  let newest: Entities | undefined
  let following = false
  let last: Promise<void> = Promise.resolve()

  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  async function applyNow(entities: Entities): Promise<void> {
    const behind = newest
    newest = undefined
    try {
      await timed(entities)
    } catch (error) {
      newest ??= behind
      throw error
    }
  }

  async function timed(entities: Entities): Promise<void> {
    const from = now()
    await workers.apply(entities)
    took = now() - from
  }

  async function catchUp(): Promise<void> {
    await delay(Math.min(LONGEST, Math.max(SHORTEST, took)))
    following = false
    await inTurn(async () => {
      const behind = newest
      newest = undefined
      if (behind) await timed(behind)
    }).catch((cause) => log.error('the workers cannot serve what is in force', { cause }))
  }

  return {
    async apply(entities) {
      const from = now()
      await inTurn(() => applyNow(entities))
      waited += now() - from
    },
    follow(entities) {
      newest = entities
      if (following) return
      following = true
      void catchUp()
    },
    waits() {
      if (now() - asked > QUIET) waited = 0
      asked = now()
      return waited < PATIENCE
    },
  }
}
