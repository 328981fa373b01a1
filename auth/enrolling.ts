import type { Context } from 'koa'
import { HttpError } from '../lib/errors.ts'
import { type Caller, caller } from '../lib/http/identity.ts'
import { hashOf } from './opaque-token.ts'

interface Enrolling {
  /** The account of an mfaToken. */
  find(hash: Buffer): Promise<string | undefined>
  /** What is asked of a caller besides. */
  admit?(who: Caller): Promise<void>
}

/**
 * Whose second factor is being set up: the caller's, or that of the login which cannot go on without. The gateway lets
 * both through: an access token it has verified shows as the caller's headers.
 */
export async function enrollingAccount(
  ctx: Context,
  mfaToken: string | null | undefined,
  { find, admit }: Enrolling,
): Promise<string> {
  if (ctx.get('x-user-id') || !mfaToken) {
    const who = caller(ctx)
    await admit?.(who)
    return who.userID
  }
  const accountID = await find(hashOf(mfaToken))
  if (!accountID) throw mfaTokenInvalid()
  return accountID
}

export const mfaTokenInvalid = () => new HttpError(401, 'MFA_TOKEN_INVALID', 'This login is over, sign in again')

export const notEnrolled = () => new HttpError(409, 'MFA_NOT_ENROLLED', 'Enrol first')

export const alreadyEnrolled = () =>
  new HttpError(409, 'MFA_ALREADY_ENROLLED', 'This account has a second factor already')
