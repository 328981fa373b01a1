import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { contactFields, normaliseContact } from '../../lib/contact.ts'
import { HttpError } from '../../lib/errors.ts'
import { validator } from '../../lib/schema.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { guarded, Locked } from '../lock-out.ts'
import { hashOf, newToken } from '../opaque-token.ts'
import { type Account, findByEmail } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'
import { insertMfaToken, type MfaPurpose } from '../queries/mfa-tokens.ts'
import { findTotp } from '../queries/second-factor.ts'
import { requiresSecondFactor } from '../second-factor.ts'
import { startSession } from '../session-tokens.ts'

const MAX_FAILURES = 5

const validate = validator<{ email: string; password: string }>({
  type: 'object',
  properties: { email: contactFields.email, password: { type: 'string', minLength: 1, maxLength: 1_024 } },
  required: ['email', 'password'],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'passwords' | 'signingKey'>

/** `POST /api/v1/auth/login`: a session, or where the account has or needs a second factor, the token to go on with. */
export function login({ db, passwords, signingKey }: Parts): Middleware {
  return async function logsIn(ctx) {
    const { email, password } = validate(normaliseContact(ctx.request.body))
    const client = clientOf(ctx)
    const account = await authenticate(email, password, client)
    refuseClosed(account)
    const next = await nextStep(db, account)
    const data = next
      ? await mfaChallenge(db, account, next)
      : await db.transaction((trx) => startSession(trx, { signingKey, accountID: account.id, amr: ['pwd'], client }))
    ctx.body = { status: 'success', data }
  }

  async function authenticate(email: string, password: string, client: Client): Promise<Account> {
    // An address nobody has is locked just the same, or the lock would show which ones somebody has.
    const own = `account:${hashOf(email).toString('base64url')}`
    let known: Account | undefined
    const judge = async () => {
      known = await findByEmail(db, email)
      return (await passwords.matches(known?.password_hash, password)) ? known : undefined
    }
    const account = await guarded(db, { own, shared: `address:${client.address}`, most: MAX_FAILURES }, judge).catch(
      async (error) => {
        if (error instanceof Locked) await audit(db, 'login.locked', { client })
        throw error
      },
    )
    if (account) return account
    await audit(db, 'login.failed', { client, accountID: known?.id })
    throw new HttpError(401, 'INVALID_CREDENTIALS', 'Wrong e-mail address or password')
  }
}

/** Said only to somebody who knows the password. */
function refuseClosed({ status }: Account): void {
  if (status === 'pending') throw new HttpError(403, 'EMAIL_NOT_CONFIRMED', 'Confirm your e-mail address first')
  if (status !== 'active') throw new HttpError(403, 'ACCOUNT_DISABLED', 'This account cannot sign in')
}

async function nextStep(db: Knex, { id, roles }: Account): Promise<MfaPurpose | undefined> {
  if ((await findTotp(db, id))?.confirmed) return 'verify'
  return requiresSecondFactor(roles) ? 'enroll' : undefined
}

async function mfaChallenge(db: Knex, { id }: Account, purpose: MfaPurpose) {
  const { token: mfaToken, hash } = newToken()
  await insertMfaToken(db, { hash, accountID: id, purpose })
  if (purpose === 'enroll') return { mfaEnrollmentRequired: true, mfaToken }
  return { mfaRequired: true, mfaToken, methods: ['totp', 'backup_code'] }
}
