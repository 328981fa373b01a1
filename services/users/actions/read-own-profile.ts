import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { sendVersioned } from '../../../lib/http/etag.ts'
import { caller } from '../../../lib/http/identity.ts'
import { findUser } from '../queries.ts'
import { toView, userNotFound } from '../user.ts'

export function readOwnProfile({ db }: { db: Knex }): Middleware {
  return async (ctx) => {
    const user = await findUser(db, caller(ctx).userID)
    if (!user) throw userNotFound()
    sendVersioned(ctx, user.version, toView(user))
  }
}
