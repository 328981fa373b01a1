import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { clearDeviceCookie } from '../device-cookie.ts'
import { notEnrolled } from '../enrolling.ts'
import { accountNotFound } from '../id-parameter.ts'
import { findByID } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'
import { eraseSecondFactor, lockTotp } from '../queries/second-factor.ts'
import { requiresSecondFactor } from '../second-factor.ts'
import { tellOwner } from '../tell-owner.ts'

/** `POST /api/v1/auth/mfa/totp/disable`: takes the second factor away, with backup codes and remembered devices, and has the owner told. */
export function disableTotp({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function disablesTotp(ctx) {
    const { userID: accountID } = caller(ctx)
    const account = await findByID(db, accountID)
    if (account?.status !== 'active') throw accountNotFound()
    if (requiresSecondFactor(account.roles)) {
      throw new HttpError(403, 'MFA_MANDATORY', 'Staff and admins keep their second factor')
    }
    await db.transaction(async (trx) => {
      if (!(await lockTotp(trx, accountID))) throw notEnrolled()
      await eraseSecondFactor(trx, accountID)
      await audit(trx, 'mfa.disabled', { client: clientOf(ctx), accountID })
      await tellOwner(trx, account, 'second_factor_disabled')
    })
    clearDeviceCookie(ctx)
    ctx.body = { status: 'success', message: 'Second factor disabled' }
  }
}
