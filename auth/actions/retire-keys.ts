import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'

/** `POST /api/v1/auth/keys/retire`: an admin has the keys taken away whose last token has expired. */
export function retireKeys({ keyManagement }: Pick<Dependencies, 'keyManagement'>): Middleware {
  return async function retiresKeys(ctx) {
    const gone = await keyManagement.retire({ by: { actorID: caller(ctx).userID, client: clientOf(ctx) } })
    const message = gone.length > 0 ? 'Keys retired' : 'No key to retire'
    ctx.body = { status: 'success', message, data: await keyManagement.list() }
  }
}
