import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { paging } from '../../../lib/http/paging.ts'
import { countAudit, listAudit } from '../queries.ts'
import { userIDIn } from '../user.ts'

/** `GET /api/v1/users/:userID/history`: what staff did to a member, the newest first; also of one that is deleted. */
export function readHistory({ db }: { db: Knex }): Middleware {
  return async (ctx) => {
    const userID = userIDIn(ctx)
    const { page, limit, offset } = paging(ctx)
    const [entries, total] = await Promise.all([listAudit(db, userID, { limit, offset }), countAudit(db, userID)])
    ctx.body = { status: 'success', data: entries, meta: { page, limit, total } }
  }
}
