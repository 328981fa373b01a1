import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { validateID } from '../id-parameter.ts'
import { signOut } from '../sign-out.ts'

/** `DELETE /api/v1/auth/sessions/:id`: ends one of the caller's own sessions, with all that apps were allowed in it. */
export function endSession({ db, revocations }: Pick<Dependencies, 'db' | 'revocations'>): Middleware {
  return async function endsSession(ctx) {
    const { id: sessionID } = validateID(ctx.params)
    const which = { accountID: caller(ctx).userID, sessionID, distrusted: true }
    const sessions = await signOut({ db, revocations }, which, clientOf(ctx))
    if (sessions === 0) throw new HttpError(404, 'NOT_FOUND', 'Session not found')
    ctx.body = { status: 'success', message: 'Signed out', data: { sessions } }
  }
}
