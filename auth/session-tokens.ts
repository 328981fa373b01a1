import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { Context } from 'koa'
import { HttpError } from '../lib/errors.ts'
import { ACCESS_TOKEN_SECONDS, signAccessToken } from './access-token.ts'
import type { Client } from './client.ts'
import type { Dependencies } from './dependencies.ts'
import { newToken } from './opaque-token.ts'
import type { Ending } from './queries/attempts.ts'
import { insertSession, type LiveSession } from './queries/sessions.ts'
import { rolesBeyond } from './second-factor.ts'
import { setSessionCookies } from './session-cookies.ts'
import type { SigningKeys } from './signing-keys/signing-keys.ts'

/** A session and the token that opens it again. */
export interface OpenSession {
  session: LiveSession
  refreshToken: string
}

export interface Proof {
  accountID: string
  /** RFC 8176. */
  amr: string[]
  /** When the strongest of these methods was shown: now, unless the second factor was on a remembered device. */
  authenticatedAt?: Date | undefined
  /** What the password was checked against, where that was just now. */
  passwordHash?: string
  /** Of the attempt by which all this was proved, where it goes on. */
  ending?: Ending
}

/** Opens a session for whoever has proved to be the account's owner. It is a new one, whatever the client brought along. */
export async function startSession(db: Knex, proof: Proof, client: Client): Promise<OpenSession> {
  const { token: refreshToken, hash } = newToken()
  const barredRoles = rolesBeyond(proof.amr)
  const session = await insertSession(db, { id: randomUUID(), ...proof, barredRoles, client, hash })
  if (!session) throw accountDisabled()
  return { session, refreshToken }
}

export const accountDisabled = () => new HttpError(403, 'ACCOUNT_DISABLED', 'This account cannot sign in')

/** Where a client wants its refresh token: a page cannot keep it from its own scripts but in a cookie. */
export type RefreshTokenIn = 'body' | 'cookie'

/** Of a body's JSON Schema. */
export const refreshTokenInField = { type: 'string', nullable: true, enum: ['body', 'cookie', null] } as const

/** What a client gets to go on with its session. */
export function handOver(
  ctx: Context,
  { signingKeys, cookieKey }: Pick<Dependencies, 'signingKeys' | 'cookieKey'>,
  { session, refreshToken }: OpenSession,
  refreshTokenIn: RefreshTokenIn,
) {
  const tokens = accessTokenOf(signingKeys, session)
  if (refreshTokenIn === 'body') return { ...tokens, refreshToken }
  const csrfToken = setSessionCookies(ctx, cookieKey, { sessionID: session.session_id, refreshToken })
  return { ...tokens, csrfToken }
}

export function accessTokenOf(signingKeys: SigningKeys, session: LiveSession) {
  const { session_id: sessionID, account_id: accountID, auth_time: authTime, email, roles, amr } = session
  const accessToken = signAccessToken(signingKeys.current(), {
    accountID,
    sessionID,
    email,
    roles,
    amr,
    authTime,
  })
  return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS }
}
