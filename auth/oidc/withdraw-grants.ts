import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { validateID } from '../id-parameter.ts'
import { audit } from '../queries/audit.ts'
import { withdrawGrants as withdraw } from '../queries/oidc-grants.ts'

/** `DELETE /api/v1/auth/grants/:id`: an app is allowed nothing any more, wherever the caller has allowed it; what it holds is good no more. */
export function withdrawGrants({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function withdrawsGrants(ctx) {
    const { id: clientID } = validateID(ctx.params)
    const { userID: accountID, sessionID } = caller(ctx)
    await db.transaction(async (trx) => {
      if (!(await withdraw(trx, { accountID, clientID }))) throw new HttpError(404, 'NOT_FOUND', 'App not found')
      await audit(trx, 'consent.withdrawn', { client: clientOf(ctx), accountID, sessionID, clientID })
    })
    ctx.body = { status: 'success', message: 'Access withdrawn' }
  }
}
