import type { Middleware } from 'koa'
import type { Dependencies } from '../dependencies.ts'
import { accountNotFound, validateUserID } from '../id-parameter.ts'
import { codeSubject, passwordSubject } from '../lock-out.ts'
import { findByID } from '../queries/accounts.ts'
import { findLock } from '../queries/attempts.ts'
import { lastSignIn } from '../queries/audit.ts'

/** `GET /api/v1/auth/accounts/:userID`: what staff should know of somebody's account. */
export function readAccount({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function readsAccount(ctx) {
    const { userID } = validateUserID(ctx.params)
    const account = await findByID(db, userID)
    if (!account?.email) throw accountNotFound()
    const { email, roles, status, password_hash, has_second_factor: enabled } = account
    const [lock, lastSignInAt] = await Promise.all([
      findLock(db, [passwordSubject(email), codeSubject(userID)]),
      lastSignIn(db, userID),
    ])
    const data = { userID, email, status, roles, hasPassword: password_hash !== null }
    const lockedUntil = lock?.until ?? null
    ctx.body = {
      status: 'success',
      data: { ...data, mfa: { enabled }, lockedUntil, lastSignInAt: lastSignInAt ?? null },
    }
  }
}
