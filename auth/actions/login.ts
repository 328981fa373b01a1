import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { contactFields, normaliseContact } from '../../lib/contact.ts'
import { HttpError } from '../../lib/errors.ts'
import { validator } from '../../lib/schema.ts'
import { checkPassword, type PasswordParts, type Proven } from '../check-password.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { deviceHash } from '../device-cookie.ts'
import { takeOverBrowser } from '../oidc/single-sign-on.ts'
import { newToken } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { recallDevice } from '../queries/devices.ts'
import { insertMfaToken, type MfaPurpose } from '../queries/mfa-tokens.ts'
import { passwordField } from '../replace-password.ts'
import { requiresSecondFactor } from '../second-factor.ts'
import {
  accountDisabled,
  handOver,
  type Proof,
  type RefreshTokenIn,
  refreshTokenInField,
  startSession,
} from '../session-tokens.ts'

const validate = validator<{ email: string; password: string; refreshTokenIn?: RefreshTokenIn | null }>({
  type: 'object',
  properties: {
    email: contactFields.email,
    password: passwordField,
    refreshTokenIn: refreshTokenInField,
  },
  required: ['email', 'password'],
  additionalProperties: false,
})

type Parts = PasswordParts & Pick<Dependencies, 'signingKeys' | 'cookieKey'>

/** `POST /api/v1/auth/login`: a session, or where the account has or needs a second factor, the token to go on with. */
export function login({ db, lockOut, passwords, log, ...keys }: Parts): Middleware {
  return async function logsIn(ctx) {
    const { email, password, refreshTokenIn } = validate(normaliseContact(ctx.request.body))
    const client = clientOf(ctx)
    const attempt = { email, password, client, failure: 'login.failed' } as const
    const account = await checkPassword({ db, lockOut, passwords, log }, attempt)
    if (!account) throw invalidCredentials()
    await refuseClosed(db, account, client)
    const next = await nextStep(account, deviceHash(ctx, keys.cookieKey))
    if (typeof next === 'string') {
      ctx.body = { status: 'success', data: await mfaChallenge(db, account, { purpose: next, client }) }
      return
    }
    const opened = await startSession(db, next, client)
    await takeOverBrowser(ctx, db, next.accountID)
    ctx.body = { status: 'success', data: handOver(ctx, keys, opened, refreshTokenIn ?? 'body') }
  }

  /** What is still to be done, or the proof that is enough: on a remembered device the second factor counts from when it was shown there. */
  async function nextStep(account: Proven, device: Buffer | undefined): Promise<MfaPurpose | Proof> {
    const { id: accountID, roles, password_hash: passwordHash } = account
    if (account.has_second_factor) {
      const authenticatedAt = device && (await recallDevice(db, accountID, device))
      return authenticatedAt ? { accountID, amr: ['pwd', 'otp'], authenticatedAt, passwordHash } : 'verify'
    }
    return requiresSecondFactor(roles) ? 'enroll' : { accountID, amr: ['pwd'], passwordHash }
  }
}

/** Said only to somebody who knows the password. */
async function refuseClosed(db: Knex, { id: accountID, status }: Proven, client: Client): Promise<void> {
  if (status === 'active') return
  await audit(db, 'login.refused', { client, accountID })
  throw accountDisabled()
}

async function mfaChallenge(db: Knex, account: Proven, { purpose, client }: { purpose: MfaPurpose; client: Client }) {
  const { id: accountID, password_hash: passwordHash } = account
  const { token: mfaToken, hash } = newToken()
  if (!(await insertMfaToken(db, { hash, accountID, purpose, passwordHash, client }))) throw invalidCredentials()
  if (purpose === 'enroll') return { mfaEnrollmentRequired: true, mfaToken }
  return { mfaRequired: true, mfaToken, methods: ['totp', 'backup_code'] }
}

const invalidCredentials = () => new HttpError(401, 'INVALID_CREDENTIALS', 'Wrong e-mail address or password')
