import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { validateID } from '../id-parameter.ts'
import { newToken } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { setClientSecret } from '../queries/oidc-clients.ts'
import { toView } from './list-clients.ts'

/** `POST /api/v1/auth/clients/:id/secret`: a new secret, shown this once. The old one is good no more; what the app was granted is. */
export function renewClientSecret({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function renewsClientSecret(ctx) {
    const { id: clientID } = validateID(ctx.params)
    const { token: clientSecret, hash } = newToken()
    const client = await db.transaction(async (trx) => {
      const renewed = await setClientSecret(trx, clientID, hash)
      if (!renewed) throw new HttpError(404, 'NOT_FOUND', 'No client with a secret found')
      await audit(trx, 'client.secret_renewed', { client: clientOf(ctx), actorID: caller(ctx).userID, clientID })
      return renewed
    })
    ctx.body = { status: 'success', message: 'Secret renewed', data: { ...toView(client), clientSecret } }
  }
}
