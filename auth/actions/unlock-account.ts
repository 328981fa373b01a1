import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { accountNotFound, validateUserID } from '../id-parameter.ts'
import { codeSubject, passwordSubject } from '../lock-out.ts'
import { findByID } from '../queries/accounts.ts'
import { forgetAttempts } from '../queries/attempts.ts'
import { audit } from '../queries/audit.ts'

/** `POST /api/v1/auth/accounts/:userID/unlock`: an admin has somebody's failed passwords and codes forgotten. */
export function unlockAccount({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function unlocksAccount(ctx) {
    const { userID: accountID } = validateUserID(ctx.params)
    const account = await findByID(db, accountID)
    if (!account?.email) throw accountNotFound()
    const subjects = [passwordSubject(account.email), codeSubject(accountID)]
    await db.transaction(async (trx) => {
      await forgetAttempts(trx, subjects)
      await audit(trx, 'account.unlocked', { client: clientOf(ctx), accountID, actorID: caller(ctx).userID })
    })
    ctx.body = { status: 'success', message: 'Unlocked' }
  }
}
