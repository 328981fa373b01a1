import type { Middleware } from 'koa'
import type { Dependencies } from '../dependencies.ts'
import { accountNotFound, validateUserID } from '../id-parameter.ts'
import { findByID } from '../queries/accounts.ts'

/** `GET /api/v1/auth/accounts/:userID/roles` */
export function readRoles({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function readsRoles(ctx) {
    const { userID } = validateUserID(ctx.params)
    const account = await findByID(db, userID)
    if (!account?.email) throw accountNotFound()
    ctx.body = { status: 'success', data: { userID, roles: account.roles } }
  }
}
