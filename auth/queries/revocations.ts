import type { Knex } from 'knex'

export interface Revocation {
  session_id: string
  seconds: number
}

const BATCH = 1_000

export const untold = (db: Knex): Promise<Revocation[]> =>
  db('revocations')
    .whereNull('told_at')
    .where('expires_at', '>', db.fn.now())
    .limit(BATCH)
    .select('session_id', db.raw('ceil(extract(epoch from expires_at - now()))::integer as seconds'))

export async function markTold(db: Knex, sessionIDs: string[]): Promise<void> {
  await db('revocations').whereIn('session_id', sessionIDs).update({ told_at: db.fn.now() })
}

/** Redis may have come back empty. */
export async function markAllUntold(db: Knex): Promise<void> {
  await db('revocations').whereNotNull('told_at').update({ told_at: null })
}
