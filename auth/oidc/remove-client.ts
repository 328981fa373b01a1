import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { validateID } from '../id-parameter.ts'
import { audit } from '../queries/audit.ts'
import { deleteClient } from '../queries/oidc-clients.ts'
import { clientNotFound } from './read-client.ts'

/** `DELETE /api/v1/auth/clients/:id`: the app is known no more, and nothing that it holds is good any more. */
export function removeClient({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function removesClient(ctx) {
    const { id: clientID } = validateID(ctx.params)
    await db.transaction(async (trx) => {
      if (!(await deleteClient(trx, clientID))) throw clientNotFound()
      await audit(trx, 'client.removed', { client: clientOf(ctx), actorID: caller(ctx).userID, clientID })
    })
    ctx.body = { status: 'success', message: 'Client removed' }
  }
}
