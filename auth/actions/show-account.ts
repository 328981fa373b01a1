import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import type { Dependencies } from '../dependencies.ts'
import { findByID } from '../queries/accounts.ts'
import { countBackupCodes } from '../queries/second-factor.ts'

/** `GET /api/v1/auth/me`: the account as it is now; the access token may be ten minutes behind. */
export function showAccount({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function showsAccount(ctx) {
    const { userID, sessionID, amr } = caller(ctx)
    const account = await findByID(db, userID)
    if (account?.status !== 'active') throw new HttpError(404, 'NOT_FOUND', 'Account not found')
    const { email, roles, has_second_factor: enabled } = account
    const backupCodesLeft = await countBackupCodes(db, userID)
    ctx.body = { status: 'success', data: { userID, email, roles, amr, sessionID, mfa: { enabled, backupCodesLeft } } }
  }
}
