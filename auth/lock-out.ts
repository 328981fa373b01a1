import { setTimeout as delay } from 'node:timers/promises'
import type { Knex } from 'knex'
import { HttpError } from '../lib/errors.ts'
import { inConstantTime } from './in-constant-time.ts'
import { hashOf } from './opaque-token.ts'
import type { Account } from './queries/accounts.ts'
import { type Attempt, beginAttempt, type Ending, endAttempt, failAttempt, findLock } from './queries/attempts.ts'
import { createTurns } from './turns.ts'

/** What an attempt counts against. A right one clears its own subject; what is shared with others keeps their failures. */
interface Subjects {
  own: string
  shared?: string
  /** So many failures within 15 minutes lock. */
  most: number
  /** Of the account that `judge` gets, read in the same statement that counts the attempt. */
  email?: string
  /** What else is to be done, in the same transaction, as the first of a series of locks on `own` begins. */
  lockBegins?(trx: Knex.Transaction): Promise<void>
}

/** What was judged to be right. Its attempt holds its room until `endAttempt`, or the statement that opens the session, ends it. */
export interface Right<T> {
  judged: T
  ending: Ending
}

export interface LockOut {
  /**
   * Judges an attempt, unless its subjects are locked. Failures and attempts being judged never exceed the limit together, so
   * that no number of parallel guesses gets past it; an attempt that finds no room waits until others are judged, so that
   * right ones lock nothing. It is counted in Postgres: that holds for all nodes, and while Redis is away.
   */
  guard<T>(
    subjects: Subjects,
    judge: (account: Account | undefined) => Promise<T | undefined>,
  ): Promise<Right<T> | undefined>
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
      const { own, shared = own } = guarded
      const { attempts, account } = await inTurn(shared, () => inTurn(`own ${own}`, () => begin(guarded)))
      const judged = await judge(account).catch(async (error) => {
        await endAttempt(db, { attempts }).catch(() => undefined) // else it holds its room for half a minute
        throw error
      })
      if (judged !== undefined) return { judged, ending: { attempts, cleared: own } }
      await fail(attempts, guarded)
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

  async function begin({ own, shared, most, email }: Subjects) {
    const subjects = shared ? [own, shared] : [own]
    for (;;) {
      const begun = await beginAttempt(db, { subjects, most, email })
      if (begun.attempts.length === subjects.length) return begun
      if (begun.attempts.length > 0) await endAttempt(db, begun)
      const lock = await findLock(db, subjects)
      if (lock) throw new Locked(lock.seconds)
      await delay(LOOK_MS)
    }
  }
}
