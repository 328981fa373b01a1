import type { Knex } from 'knex'
import { Refusal } from '../signing-keys/refusal.ts'
import { type About, auditLine, type SecurityEvent } from './audit.ts'

export type KeyEvent = Extract<SecurityEvent, 'key.rotated' | 'key.retired'>

/** Who changes keys over HTTP; the command does not know. */
export type By = Required<Pick<About, 'actorID' | 'client'>>

/** One line of the audit log for each key and event, however often it is said. */
export async function auditKey(db: Knex, event: KeyEvent, kid: string, by?: By): Promise<void> {
  const line = auditLine(event, { ...by, kid })
  await db('audit').insert(line).onConflict(db.raw('(event, kid) where kid is not null')).ignore()
}

export async function isAudited(db: Knex, event: KeyEvent, kid: string): Promise<boolean> {
  return (await db('audit').where({ event, kid }).first('id')) !== undefined
}

/** Runs `work` while nobody else does; the lock ends with it, or with this process. */
export function oneAtATime<T>(db: Knex, work: () => Promise<T>): Promise<T> {
  return db.transaction(async (trx) => {
    await trx.raw('set local idle_in_transaction_session_timeout = 0')
    const { rows } = await trx.raw("select pg_try_advisory_xact_lock(hashtext('signing keys')) as free")
    if (!rows[0].free)
      throw new Refusal('KEYS_BUSY', 'the signing keys are being changed by somebody else: try again in a minute')
    return work()
  })
}
