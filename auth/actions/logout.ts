import type { Context, Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { hashOf } from '../opaque-token.ts'
import { findByRefreshToken } from '../queries/refresh-tokens.ts'
import { clearSessionCookies, cookieSession } from '../session-cookies.ts'
import { signOut } from '../sign-out.ts'

const validate = validator<{ refreshToken?: string | null }>({
  type: 'object',
  properties: { refreshToken: { type: 'string', nullable: true, maxLength: 256 } },
  required: [],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'revocations' | 'cookieKey'>

/** `POST /api/v1/auth/logout`: ends the session of the access token, or, where that has expired, of the refresh token in the body or in the cookie. */
export function logout({ db, revocations, cookieKey }: Parts): Middleware {
  return async function logsOut(ctx) {
    const { refreshToken } = validate(ctx.request.body ?? {})
    const session = await sessionOf(ctx, refreshToken)
    if (!session) throw new HttpError(401, 'INVALID_REFRESH_TOKEN', 'There is no such session')
    const sessions = await signOut({ db, revocations }, session, clientOf(ctx))
    clearSessionCookies(ctx)
    ctx.body = { status: 'success', message: 'Signed out', data: { sessions } }
  }

  async function sessionOf(ctx: Context, refreshToken: string | null | undefined) {
    if (refreshToken) {
      const found = await findByRefreshToken(db, hashOf(refreshToken))
      return found && { accountID: found.account_id, sessionID: found.id }
    }
    if (ctx.get('x-user-id')) {
      const { userID: accountID, sessionID } = caller(ctx)
      return { accountID, sessionID }
    }
    return cookieSession(ctx, { db, cookieKey })
  }
}
