import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { sendVersioned } from '../../lib/http/etag.ts'
import type { Dependencies } from '../dependencies.ts'
import { validateID } from '../id-parameter.ts'
import { findClient } from '../queries/oidc-clients.ts'
import { toView } from './list-clients.ts'

/** `GET /api/v1/auth/clients/:id`: one app, and by its ETag what a change of it is based on. */
export function readClient({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function readsClient(ctx) {
    const client = await findClient(db, validateID(ctx.params).id)
    if (!client) throw clientNotFound()
    sendVersioned(ctx, client.version, toView(client))
  }
}

export const clientNotFound = () => new HttpError(404, 'NOT_FOUND', 'Client not found')
