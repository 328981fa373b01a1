import type { Middleware } from 'koa'
import { toDataURL, toString as toText } from 'qrcode'
import { validator } from '../../lib/schema.ts'
import type { Dependencies } from '../dependencies.ts'
import { alreadyEnrolled, enrollingAccount, mfaTokenInvalid } from '../enrolling.ts'
import { findByID } from '../queries/accounts.ts'
import { findMfaToken } from '../queries/mfa-tokens.ts'
import { proposeTotp } from '../queries/second-factor.ts'
import { requireRecentSignIn } from '../recent-sign-in.ts'

const validate = validator<{ mfaToken?: string | null }>({
  type: 'object',
  properties: { mfaToken: { type: 'string', nullable: true, maxLength: 256 } },
  required: [],
  additionalProperties: false,
})

/**
 * `POST /api/v1/auth/mfa/totp/enroll`: a secret for the authenticator. It counts from the first right code on; until then a new
 * one replaces it. An access token alone does not do, or whoever has stolen one could lock the account's owner out with it.
 */
export function enrollTotp({ db, totp }: Pick<Dependencies, 'db' | 'totp'>): Middleware {
  return async function enrollsTotp(ctx) {
    const { mfaToken } = validate(ctx.request.body ?? {})
    const accountID = await enrollingAccount(ctx, mfaToken, {
      find: (hash) => findMfaToken(db, hash, 'enroll'),
      admit: (who) => requireRecentSignIn(db, who),
    })
    const account = await findByID(db, accountID)
    if (account?.status !== 'active') throw mfaTokenInvalid()
    const { secret, otpauthUrl, sealed } = totp.newSecret(accountID, account.email)
    if (!(await proposeTotp(db, { accountID, sealed }))) throw alreadyEnrolled()
    const [qr, qrSvg] = await Promise.all([toDataURL(otpauthUrl), toText(otpauthUrl, { type: 'svg' })])
    ctx.body = { status: 'success', data: { secret, otpauthUrl, qr, qrSvg } }
  }
}
