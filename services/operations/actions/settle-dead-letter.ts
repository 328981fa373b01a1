import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import type { Log } from '../../../lib/log.ts'
import { audit } from '../audit.ts'
import type { DeadLetters } from '../dead-letters.ts'

interface Options {
  db: Knex
  deadLetters: DeadLetters
  log: Log
}

/** `POST …/dead-letters/:id/replay`: back to the group that failed, to be tried afresh. */
export const replayDeadLetter = (options: Options): Middleware => settle('replay', options)

/** `DELETE …/dead-letters/:id`: for good. */
export const dropDeadLetter = (options: Options): Middleware => settle('drop', options)

function settle(action: 'replay' | 'drop', { db, deadLetters, log }: Options): Middleware {
  return async function settlesDeadLetter(ctx) {
    const id = ctx.params['id'] ?? ''
    const before = (letter: Parameters<typeof audit>[2]['letter']) => audit(db, ctx, { action, letter })
    await deadLetters.settle(id, { again: action === 'replay', before })
    log.info(`dead letter: ${action}`, { letter: id, actorID: ctx.get('x-user-id') })
    ctx.body = { status: 'success', data: { id } }
  }
}
