import type { Knex } from 'knex'
import type { Context } from 'koa'
import type { DeadLetter } from '../../lib/bus/dead-letters.ts'
import { caller } from '../../lib/http/identity.ts'
import { idOf } from './dead-letters.ts'

/** Every time somebody touches a dead letter, a row says who, and which: what it was is gone once it is dropped. */
export async function audit(
  db: Knex,
  ctx: Context,
  { action, letter }: { action: 'read' | 'replay' | 'drop'; letter: DeadLetter },
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

/** What stands in a message is a stranger's word, and PostgreSQL's text cannot hold U+0000. */
const storable = (text: string): string => text.replaceAll('\0', '')
