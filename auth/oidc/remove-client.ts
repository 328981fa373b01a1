import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { validateID } from '../id-parameter.ts'
import { audit } from '../queries/audit.ts'
import { deleteClient } from '../queries/oidc-clients.ts'

/** `DELETE /api/v1/auth/clients/:id`: the app is known no more, and nothing that it holds is good any more. */
export function removeClient({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function removesClient(ctx) {
    const { id: clientID } = validateID(ctx.params)
    await db.transaction(async (trx) => {
      if (!(await deleteClient(trx, clientID))) throw new HttpError(404, 'NOT_FOUND', 'Client not found')
      await audit(trx, 'client.removed', { client: clientOf(ctx), actorID: caller(ctx).userID, clientID })
    })
    ctx.body = { status: 'success', message: 'Client removed' }
  }
}
