import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { validator } from '../../lib/schema.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { hashOf, newToken } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { findByRefreshToken, rotateRefreshToken } from '../queries/sessions.ts'
import { sessionTokens } from '../session-tokens.ts'
import { signOut } from '../sign-out.ts'

const validate = validator<{ refreshToken: string }>({
  type: 'object',
  properties: { refreshToken: { type: 'string', minLength: 1, maxLength: 256 } },
  required: ['refreshToken'],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'signingKey' | 'revocations'>

/**
 * `POST /api/v1/auth/refresh`: a refresh token for the next one. One that comes a second time has been copied, and nobody
 * can tell who the thief is: the whole session ends (RFC 9700 §4.14.2). Two uses at the same instant are no exception.
 */
export function refresh({ db, signingKey, revocations }: Parts): Middleware {
  return async function refreshes(ctx) {
    const spent = hashOf(validate(ctx.request.body).refreshToken)
    const { token, hash: next } = newToken()
    const session = await rotateRefreshToken(db, { spent, next })
    if (!session) {
      await endIfReused(spent, clientOf(ctx))
      throw new HttpError(401, 'INVALID_REFRESH_TOKEN', 'This session is over, sign in again')
    }
    ctx.body = { status: 'success', data: await sessionTokens(signingKey, session, token) }
  }

  async function endIfReused(hash: Buffer, client: Client): Promise<void> {
    const session = await findByRefreshToken(db, hash)
    if (!session?.spent) return
    const { account_id: accountID, id: sessionID } = session
    const ended = await signOut({ db, revocations }, { accountID, sessionID }, client)
    if (ended > 0) await audit(db, 'refresh.reused', { client, accountID, sessionID })
  }
}
