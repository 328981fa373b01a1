import type { Middleware } from 'koa'
import { invalidInput } from '../../lib/errors.ts'
import { validator } from '../../lib/schema.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { mfaTokenInvalid } from '../enrolling.ts'
import { guarded, Locked } from '../lock-out.ts'
import { hashOf } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { countMfaAttempt, deleteMfaToken } from '../queries/mfa-tokens.ts'
import { codeField, invalidCode, spendSecondFactor } from '../second-factor.ts'
import { type SessionTokens, startSession } from '../session-tokens.ts'

/** Two logins' worth: ending mfaTokens alone would let whoever knows the password go on guessing with new ones. */
const MAX_FAILURES = 10

interface Verification {
  mfaToken: string
  code?: string | null
  backupCode?: string | null
}

const validate = validator<Verification>({
  type: 'object',
  properties: {
    mfaToken: { type: 'string', minLength: 1, maxLength: 256 },
    code: { ...codeField, nullable: true },
    backupCode: { type: 'string', nullable: true, minLength: 1, maxLength: 64 },
  },
  required: ['mfaToken'],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'totp' | 'signingKey'>

/** `POST /api/v1/auth/mfa/verify`: finishes a login with a TOTP code or a backup code; either works once. */
export function verifyMfa({ db, totp, signingKey }: Parts): Middleware {
  return async function verifiesMfa(ctx) {
    const { mfaToken, code, backupCode } = validate(ctx.request.body)
    if (!code === !backupCode) throw invalidInput([{ field: 'code', message: 'give either this or backupCode' }])
    const hash = hashOf(mfaToken)
    const client = clientOf(ctx)
    const accountID = await countMfaAttempt(db, hash, 'verify')
    if (!accountID) throw mfaTokenInvalid()
    const data = await attempt(accountID, client, () =>
      db.transaction(async (trx) => {
        if (!(await spendSecondFactor(trx, { totp, accountID, code, backupCode }))) return undefined
        if (!(await deleteMfaToken(trx, hash))) throw mfaTokenInvalid()
        return startSession(trx, { signingKey, accountID, amr: ['pwd', 'otp'], client })
      }),
    )
    ctx.body = { status: 'success', data }
  }

  async function attempt(accountID: string, client: Client, judge: () => Promise<SessionTokens | undefined>) {
    const tokens = await guarded(db, { own: `code:${accountID}`, most: MAX_FAILURES }, judge).catch(async (error) => {
      if (error instanceof Locked) await audit(db, 'mfa.locked', { client, accountID })
      throw error
    })
    if (tokens) return tokens
    await audit(db, 'mfa.failed', { client, accountID })
    throw invalidCode()
  }
}
