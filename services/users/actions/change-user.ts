import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { sendVersioned } from '../../../lib/http/etag.ts'
import { editOf, editUser } from '../edit.ts'
import type { Changes } from '../user.ts'
import { toView, userIDIn } from '../user.ts'

/** PUT and PATCH differ in what `read` asks of the body. */
export function changeUser({ db, read }: { db: Knex; read: (body: unknown) => Changes }): Middleware {
  return async (ctx) => {
    const edit = editOf(ctx, userIDIn(ctx))
    const user = await editUser(db, edit, read(ctx.request.body))
    sendVersioned(ctx, user.version, toView(user))
  }
}
