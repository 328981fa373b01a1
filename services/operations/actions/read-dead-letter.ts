import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { audit } from '../audit.ts'
import type { DeadLetters } from '../dead-letters.ts'
import { present } from './list-dead-letters.ts'

/** As much of an event's data as is shown. */
const MAX_BYTES = 64 * 1024

/** `GET /api/v1/operations/dead-letters/:id`: one with its data, as text, since it may be no JSON at all. */
export function readDeadLetter({ db, deadLetters }: { db: Knex; deadLetters: DeadLetters }): Middleware {
  return async function readsDeadLetter(ctx) {
    const letter = await deadLetters.find(ctx.params['id'] ?? '')
    await audit(db, ctx, { action: 'read', letter })
    const data = letter.message.value?.subarray(0, MAX_BYTES).toString() ?? null
    ctx.body = { status: 'success', data: { ...present(letter), data } }
  }
}
