import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { newToken } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { insertClient } from '../queries/oidc-clients.ts'
import { type ClientForm, clientFields, refuseFaults } from './client-form.ts'
import { toView } from './list-clients.ts'

type Body = Omit<ClientForm, 'postLogoutRedirectUris'> & {
  confidential: boolean
  postLogoutRedirectUris?: string[] | null
}

const validate = validator<Body>({
  type: 'object',
  properties: {
    ...clientFields,
    confidential: { type: 'boolean' },
    postLogoutRedirectUris: { ...clientFields.postLogoutRedirectUris, nullable: true },
  },
  required: ['name', 'confidential', 'redirectUris', 'scopes'],
  additionalProperties: false,
})

/** `POST /api/v1/auth/clients`: an admin registers an app. Its secret, where it can keep one, is shown this once. */
export function registerClient({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function registersClient(ctx) {
    const form = validate(ctx.request.body)
    refuseFaults(form)
    const { name, confidential, redirectUris, postLogoutRedirectUris, scopes } = form
    const { token: clientSecret, hash } = newToken()
    const client = await db.transaction(async (trx) => {
      const inserted = await insertClient(trx, {
        ...{ id: randomUUID(), name, scopes },
        secret_hash: confidential ? hash : null,
        redirect_uris: redirectUris,
        post_logout_redirect_uris: postLogoutRedirectUris ?? [],
      })
      const about = { client: clientOf(ctx), actorID: caller(ctx).userID, clientID: inserted.id }
      await audit(trx, 'client.registered', about)
      return inserted
    })
    ctx.status = 201
    const data = { ...toView(client), ...(confidential && { clientSecret }) }
    ctx.body = { status: 'success', message: 'Client registered', data }
  }
}
