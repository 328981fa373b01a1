import type { Context } from 'koa'
import { HttpError } from '../lib/errors.ts'
import { caller } from '../lib/http/identity.ts'
import { hashOf } from './opaque-token.ts'

/**
 * Whose second factor is being set up: the caller's, or that of the login which cannot go on without. The gateway lets
 * both through: an access token it has verified shows as the caller's headers.
 */
export async function enrollingAccount(
  ctx: Context,
  mfaToken: string | null | undefined,
  find: (hash: Buffer) => Promise<string | undefined>,
): Promise<string> {
  if (ctx.get('x-user-id') || !mfaToken) return caller(ctx).userID
  const accountID = await find(hashOf(mfaToken))
  if (!accountID) throw mfaTokenInvalid()
  return accountID
}

export const mfaTokenInvalid = () => new HttpError(401, 'MFA_TOKEN_INVALID', 'This login is over, sign in again')

export const notEnrolled = () => new HttpError(409, 'MFA_NOT_ENROLLED', 'Enrol first')

export const alreadyEnrolled = () =>
  new HttpError(409, 'MFA_ALREADY_ENROLLED', 'This account has a second factor already')
