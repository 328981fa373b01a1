import type { Knex } from 'knex'
import type { Context } from 'koa'
import type { DeadLetter } from '../../lib/bus/dead-letters.ts'
import { caller } from '../../lib/http/identity.ts'
import { idOf } from './dead-letters.ts'

type Action = 'read' | 'replay' | 'drop'

/** Every time somebody touches a dead letter, a row says who, and which: what it was is gone once it is dropped. */
export async function audit(
  db: Knex,
  ctx: Context,
  { action, letter }: { action: Action; letter: DeadLetter },
): Promise<void> {
  await db('audit').insert({
    action,
    actor_id: caller(ctx).userID,
    request_id: ctx.state.requestId,
    letter: idOf(letter),
    event_id: storable(letter.id),
    origin: storable(letter.origin),
    consumer_group: letter.group && storable(letter.group),
    reason: storable(letter.reason),
  })
}

export interface AuditRow {
  /** Grows from line to line; text, as it may be larger than a number can tell apart. */
  id: string
  at: Date
  action: Action
  actor_id: string
  request_id: string
  letter: string
  event_id: string
  origin: string
  consumer_group: string | null
  reason: string
}

/** The newest first. */
export const listAudit = (db: Knex, { limit, offset }: { limit: number; offset: number }): Promise<AuditRow[]> =>
  db('audit').orderBy('id', 'desc').limit(limit).offset(offset).select()

export async function countAudit(db: Knex): Promise<number> {
  const row = await db('audit').count({ total: '*' }).first()
  return Number(row?.['total'])
}

/** What stands in a message is a stranger's word, and PostgreSQL's text cannot hold U+0000. */
const storable = (text: string): string => text.replaceAll('\0', '')
