import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { countByHour } from '../registrations.ts'

/** `GET /api/v1/users/registrations`: how many of the last 24 hours. */
export function countRegistrations({ db }: { db: Knex }): Middleware {
  return async (ctx) => {
    ctx.body = { status: 'success', data: await countByHour(db) }
  }
}
