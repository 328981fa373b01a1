import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { validator } from '../../lib/schema.ts'
import { keyedHash } from '../../lib/seal.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { hashOf, newToken } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { findByRefreshToken, repeatRotation, rotateRefreshToken } from '../queries/refresh-tokens.ts'
import { clearSessionCookies, cookieSession } from '../session-cookies.ts'
import { handOver, type OpenSession, type RefreshTokenIn } from '../session-tokens.ts'
import { signOut } from '../sign-out.ts'

const validate = validator<{ refreshToken?: string | null }>({
  type: 'object',
  properties: { refreshToken: { type: 'string', nullable: true, minLength: 1, maxLength: 256 } },
  required: [],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'signingKeys' | 'cookieKey' | 'revocations'>

/**
 * `POST /api/v1/auth/refresh`: a refresh token, in the body or in the cookie, for the next one. One that comes a second time
 * has been copied, and nobody can tell who the thief is: the whole session ends (RFC 9700 §4.14.2). Two uses at the same
 * instant are no exception but for a browser, whose tabs share a cookie and whose reloads cut answers off.
 */
export function refresh({ db, revocations, ...keys }: Parts): Middleware {
  return async function refreshes(ctx) {
    const { refreshToken } = validate(ctx.request.body ?? {})
    const from = refreshToken ? 'body' : 'cookie'
    const client = clientOf(ctx)
    const spent = refreshToken || (await cookieSession(ctx, { db, cookieKey: keys.cookieKey }))?.refreshToken
    const opened = spent && (await rotate(spent, from, client))
    if (!opened) {
      if (spent) await endIfReused(hashOf(spent), client)
      if (from === 'cookie') clearSessionCookies(ctx)
      throw new HttpError(401, 'INVALID_REFRESH_TOKEN', 'This session is over, sign in again')
    }
    ctx.body = { status: 'success', data: handOver(ctx, keys, opened, from) }
  }

  /** What follows a cookie's token follows from it, so that the same browser can be given it twice; nothing follows from others. */
  async function rotate(token: string, from: RefreshTokenIn, client: Client): Promise<OpenSession | undefined> {
    const refreshToken = from === 'cookie' ? keyedHash(`refresh ${token}`, keys.cookieKey) : newToken().token
    const spentBy = keyedHash(`client ${client.address} ${client.userAgent}`, keys.cookieKey)
    const rotation = { spent: hashOf(token), next: hashOf(refreshToken), spentBy }
    const session = (await rotateRefreshToken(db, rotation)) ?? (await repeatRotation(db, rotation))
    return session && { session, refreshToken }
  }

  async function endIfReused(hash: Buffer, client: Client): Promise<void> {
    const session = await findByRefreshToken(db, hash)
    if (!session?.spent) return
    const { account_id: accountID, id: sessionID } = session
    const ended = await signOut({ db, revocations }, { accountID, sessionID, distrusted: true }, client)
    if (ended > 0) await audit(db, 'refresh.reused', { client, accountID, sessionID })
  }
}
