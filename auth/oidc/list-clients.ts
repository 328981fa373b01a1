import type { Middleware } from 'koa'
import { paging } from '../../lib/http/paging.ts'
import type { Dependencies } from '../dependencies.ts'
import { countClients, listClients as list, type OidcClient } from '../queries/oidc-clients.ts'

/** `GET /api/v1/auth/clients`: the registered apps, by name. */
export function listClients({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function listsClients(ctx) {
    const { page, limit, offset } = paging(ctx)
    const [rows, total] = await Promise.all([list(db, { limit, offset }), countClients(db)])
    ctx.body = { status: 'success', data: rows.map(toView), meta: { page, limit, total } }
  }
}

export const toView = (client: OidcClient) => ({
  clientID: client.id,
  name: client.name,
  confidential: client.secret_hash !== null,
  redirectUris: client.redirect_uris,
  postLogoutRedirectUris: client.post_logout_redirect_uris,
  scopes: client.scopes,
  createdAt: client.created_at,
})
