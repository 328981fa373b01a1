import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { sendVersioned } from '../../../lib/http/etag.ts'
import { caller } from '../../../lib/http/identity.ts'
import { editOf, editUser } from '../edit.ts'
import { leadsToAccount, type ReadRoles } from '../roles.ts'
import type { Changes } from '../user.ts'
import { toView, userIDIn } from '../user.ts'

interface Options {
  db: Knex
  readRoles: ReadRoles
  /** PUT and PATCH differ in what this asks of the body. */
  read(body: unknown): Changes
}

/** Staff who are no admins could else put an admin's account into hands of their choice, or lock its owner out. */
export function changeUser({ db, readRoles, read }: Options): Middleware {
  return async (ctx) => {
    const edit = editOf(ctx, userIDIn(ctx))
    const wished = read(ctx.request.body)
    const isAdmin = caller(ctx).roles.includes('admin')
    const guarded = !isAdmin && leadsToAccount(wished) && (await readRoles(edit.userID)).length > 0
    const user = await editUser(db, { ...edit, guarded }, wished)
    sendVersioned(ctx, user.version, toView(user))
  }
}
