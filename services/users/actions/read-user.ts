import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { sendVersioned } from '../../../lib/http/etag.ts'
import { findUser } from '../queries.ts'
import { toView, userIDIn, userNotFound } from '../user.ts'

export function readUser({ db }: { db: Knex }): Middleware {
  return async (ctx) => {
    const user = await findUser(db, userIDIn(ctx))
    if (!user) throw userNotFound()
    sendVersioned(ctx, user.version, toView(user))
  }
}
