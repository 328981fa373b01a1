import type { Knex } from 'knex'
import type { Context, Middleware } from 'koa'
import { contactFields, normaliseContact } from '../../lib/contact.ts'
import { HttpError } from '../../lib/errors.ts'
import { validator } from '../../lib/schema.ts'
import { judgePassword, type PasswordParts, type Proven } from '../check-password.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { deviceHash } from '../device-cookie.ts'
import type { Right } from '../lock-out.ts'
import { takeOverBrowser } from '../oidc/single-sign-on.ts'
import { newToken } from '../opaque-token.ts'
import { endAttempt } from '../queries/attempts.ts'
import { audit } from '../queries/audit.ts'
import { recallDevice } from '../queries/devices.ts'
import { insertMfaToken } from '../queries/mfa-tokens.ts'
import { passwordField } from '../replace-password.ts'
import { requiresSecondFactor } from '../second-factor.ts'
import {
  accountDisabled,
  handOver,
  type OpenSession,
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
    const right = await judgePassword({ db, lockOut, passwords, log }, attempt)
    if (!right) throw invalidCredentials()
    const { judged: account, ending } = right
    const opened = await openSession(ctx, right).catch(async (error) => {
      await endAttempt(db, ending).catch(() => undefined) // else it holds its room for half a minute
      throw error
    })
    if (!opened) {
      await endAttempt(db, ending)
      await refuseClosed(db, account, client)
      ctx.body = { status: 'success', data: await mfaChallenge(db, account, client) }
      return
    }
    await takeOverBrowser(ctx, db, account.id)
    ctx.body = { status: 'success', data: handOver(ctx, keys, opened, refreshTokenIn ?? 'body') }
  }

  async function openSession(ctx: Context, { judged, ending }: Right<Proven>): Promise<OpenSession | undefined> {
    const proof = await enoughProof(ctx, judged)
    return proof && startSession(db, { ...proof, ending }, clientOf(ctx))
  }

  /** None where the account is closed or more is to be shown; on a remembered device the second factor counts from when it was shown there. */
  async function enoughProof(ctx: Context, account: Proven): Promise<Proof | undefined> {
    const { id: accountID, password_hash: passwordHash } = account
    if (account.status !== 'active') return undefined
    if (account.has_second_factor) {
      const device = deviceHash(ctx, keys.cookieKey)
      const authenticatedAt = device && (await recallDevice(db, accountID, device))
      return authenticatedAt && { accountID, amr: ['pwd', 'otp'], authenticatedAt, passwordHash }
    }
    return requiresSecondFactor(account.roles) ? undefined : { accountID, amr: ['pwd'], passwordHash }
  }
}

/** Said only to somebody who knows the password. */
async function refuseClosed(db: Knex, { id: accountID, status }: Proven, client: Client): Promise<void> {
  if (status === 'active') return
  await audit(db, 'login.refused', { client, accountID })
  throw accountDisabled()
}

async function mfaChallenge(db: Knex, account: Proven, client: Client) {
  const { id: accountID, password_hash: passwordHash } = account
  const purpose = account.has_second_factor ? 'verify' : 'enroll'
  const { token: mfaToken, hash } = newToken()
  if (!(await insertMfaToken(db, { hash, accountID, purpose, passwordHash, client }))) throw invalidCredentials()
  if (purpose === 'enroll') return { mfaEnrollmentRequired: true, mfaToken }
  return { mfaRequired: true, mfaToken, methods: ['totp', 'backup_code'] }
}

const invalidCredentials = () => new HttpError(401, 'INVALID_CREDENTIALS', 'Wrong e-mail address or password')
