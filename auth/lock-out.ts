import { setTimeout as delay } from 'node:timers/promises'
import type { Knex } from 'knex'
import { HttpError } from '../lib/errors.ts'
import { inConstantTime } from './in-constant-time.ts'
import { hashOf } from './opaque-token.ts'
import { type Attempt, beginAttempt, endAttempt, failAttempt, findLock } from './queries/attempts.ts'
import { createTurns } from './turns.ts'

/** What an attempt counts against. A right one clears its own subject; what is shared with others keeps their failures. */
interface Subjects {
  own: string
  shared?: string
  /** So many failures within 15 minutes lock. */
  most: number
  /** What else is to be done, in the same transaction, as the first of a series of locks on `own` begins. */
  lockBegins?(trx: Knex.Transaction): Promise<void>
}

export interface LockOut {
  /**
   * Judges an attempt, unless its subjects are locked. Failures and attempts being judged never exceed the limit together, so
   * that no number of parallel guesses gets past it; an attempt that finds no room waits until others are judged, so that
   * right ones lock nothing. It is counted in Postgres: that holds for all nodes, and while Redis is away.
   */
  guard<T>(subjects: Subjects, judge: () => Promise<T | undefined>): Promise<T | undefined>
}

export class Locked extends HttpError {
  constructor(seconds: number) {
    super(429, 'LOCKED', 'Too many failed attempts, try again later', { headers: { 'Retry-After': String(seconds) } })
  }
}

/** An address that nobody has is locked just the same, or the lock would show which ones somebody has. */
export const passwordSubject = (email: string): string => `account:${hashOf(email).toString('base64url')}`

export const codeSubject = (accountID: string): string => `code:${accountID}`

/** How long to wait for others' judgements before looking again. */
const LOOK_MS = 20
/** Of one subject, on this node. */
const MOST_WAITING = 100

export function createLockOut({ db }: { db: Knex }): LockOut {
  const inTurn = createTurns({ length: MOST_WAITING })

  return {
    async guard(guarded, judge) {
      const { own, shared, most } = guarded
      const subjects = [own, ...(shared ? [shared] : [])]
      const attempts = await inTurn(shared ?? own, () => inTurn(`own ${own}`, () => begin(subjects, most)))
      const judged = await judge().catch(async (error) => {
        await endAttempt(db, attempts).catch(() => undefined) // else it holds its room for half a minute
        throw error
      })
      if (judged === undefined) await fail(attempts, guarded)
      else await endAttempt(db, attempts, own)
      return judged
    },
  }

  async function fail(attempts: Attempt[], { own, most, lockBegins }: Subjects): Promise<void> {
    const failing = async (trx: Knex.Transaction) => {
      const begins = (await failAttempt(trx, attempts, most)).includes(own)
      if (begins) await lockBegins?.(trx)
      return begins
    }
    await inConstantTime(
      () => db.transaction(failing),
      (begins) => begins,
    )
  }

  async function begin(subjects: string[], most: number): Promise<Attempt[]> {
    for (;;) {
      const attempts = await beginAttempt(db, subjects, most)
      if (attempts.length === subjects.length) return attempts
      if (attempts.length > 0) await endAttempt(db, attempts)
      const lock = await findLock(db, subjects)
      if (lock) throw new Locked(lock.seconds)
      await delay(LOOK_MS)
    }
  }
}
