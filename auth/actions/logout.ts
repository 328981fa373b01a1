import type { Context, Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { hashOf } from '../opaque-token.ts'
import { findByRefreshToken } from '../queries/sessions.ts'
import { signOut } from '../sign-out.ts'

const validate = validator<{ refreshToken?: string | null }>({
  type: 'object',
  properties: { refreshToken: { type: 'string', nullable: true, maxLength: 256 } },
  required: [],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'revocations'>

/** `POST /api/v1/auth/logout`: ends the session of the access token, or, where that has expired, of the refresh token in the body. */
export function logout({ db, revocations }: Parts): Middleware {
  return async function logsOut(ctx) {
    const { refreshToken } = validate(ctx.request.body ?? {})
    const session = refreshToken ? await findByRefreshToken(db, hashOf(refreshToken)) : callersSession(ctx)
    if (!session) throw new HttpError(401, 'INVALID_REFRESH_TOKEN', 'There is no such session')
    const which = { accountID: session.account_id, sessionID: session.id }
    const sessions = await signOut({ db, revocations }, which, clientOf(ctx))
    ctx.body = { status: 'success', message: 'Signed out', data: { sessions } }
  }
}

function callersSession(ctx: Context) {
  const { userID, sessionID } = caller(ctx)
  return { account_id: userID, id: sessionID }
}
