import type { Knex } from 'knex'
import { HttpError } from '../lib/errors.ts'
import { countAttempt, forgetAttempts, secondsUntilUnlocked, takeAttemptBack } from './queries/attempts.ts'

/** What an attempt counts against. A right one clears its own subject; what is shared with others keeps their failures. */
interface Subjects {
  own: string
  shared?: string
  /** So many failures within 15 minutes lock. */
  most: number
}

export class Locked extends HttpError {
  constructor(seconds: number) {
    super(429, 'LOCKED', 'Too many failed attempts, try again later', { headers: { 'Retry-After': String(seconds) } })
  }
}

/**
 * Judges an attempt, unless its subjects are locked. It is counted as failed before it is judged and taken back when it was
 * right, so that no number of parallel attempts gets past the limit; in Postgres, so that it holds while Redis is away.
 */
export async function guarded<T>(
  db: Knex,
  { own, shared, most }: Subjects,
  judge: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const subjects = [own, ...(shared ? [shared] : [])]
  const at = await reserve(db, subjects, most)
  const judged = await judge().catch(async (error) => {
    const back = subjects.map((subject) => takeAttemptBack(db, subject, at, most))
    await Promise.allSettled(back) // one that cannot be taken back counts until it is 15 minutes old
    throw error
  })
  if (judged === undefined) return undefined
  if (shared) await takeAttemptBack(db, shared, at, most)
  await forgetAttempts(db, own)
  return judged
}

const reserve = (db: Knex, subjects: string[], most: number): Promise<string> =>
  db.transaction(async (trx) => {
    const counted = await countAttempt(trx, subjects, most)
    if (counted.length < subjects.length) throw new Locked(await secondsUntilUnlocked(trx, subjects))
    return counted[0]?.at as string
  })
