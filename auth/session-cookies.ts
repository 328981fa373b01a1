import type { Knex } from 'knex'
import type { Context } from 'koa'
import { HttpError } from '../lib/errors.ts'
import { keyedHash } from '../lib/seal.ts'
import { AUTH_PATH, clearCookie, isEqual, setCookie } from './cookies.ts'
import { hashOf } from './opaque-token.ts'
import { findByRefreshToken } from './queries/refresh-tokens.ts'

const REFRESH = { name: '__Secure-jade_refresh', path: AUTH_PATH, httpOnly: true }
/** The pages read it, wherever they are; no other host can plant one, so that a planted refresh token is good for nothing. */
const CSRF = { name: '__Host-jade_csrf', path: '/', httpOnly: false }
const CSRF_HEADER = 'x-csrf-token'

/** Gives the token that the session's requests by cookie must bring along. */
export function setSessionCookies(
  ctx: Context,
  key: Buffer,
  { sessionID, refreshToken }: { sessionID: string; refreshToken: string },
): string {
  const csrfToken = csrfTokenOf(sessionID, key)
  setCookie(ctx, REFRESH, refreshToken)
  setCookie(ctx, CSRF, csrfToken)
  return csrfToken
}

export function clearSessionCookies(ctx: Context): void {
  clearCookie(ctx, REFRESH)
  clearCookie(ctx, CSRF)
}

/**
 * The refresh token in the cookie, and the session it is or was good for. A browser sends cookies whoever makes it do so;
 * that the shop's own page asks shows in a header with a token bound to the session, which pages elsewhere cannot read.
 */
export async function cookieSession(
  ctx: Context,
  { db, cookieKey }: { db: Knex; cookieKey: Buffer },
): Promise<{ refreshToken: string; accountID: string; sessionID: string } | undefined> {
  const refreshToken = ctx.cookies.get(REFRESH.name)
  if (!refreshToken) return undefined
  const session = await findByRefreshToken(db, hashOf(refreshToken))
  if (!session) return undefined
  if (!isEqual(ctx.get(CSRF_HEADER), csrfTokenOf(session.id, cookieKey))) {
    throw new HttpError(403, 'CSRF_TOKEN_INVALID', 'X-CSRF-Token is missing, or does not belong to the cookie')
  }
  return { refreshToken, accountID: session.account_id, sessionID: session.id }
}

const csrfTokenOf = (sessionID: string, key: Buffer): string => keyedHash(`csrf ${sessionID}`, key)
