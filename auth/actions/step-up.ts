import type { Knex } from 'knex'
import type { Context, Middleware } from 'koa'
import { HttpError, invalidInput } from '../../lib/errors.ts'
import { type Caller, caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { checkPassword, type PasswordParts, wrongPassword } from '../check-password.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { findByID, lockPassword } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'
import { freshenSession, type LiveSession } from '../queries/sessions.ts'
import { signInFirst } from '../recent-sign-in.ts'
import { passwordField } from '../replace-password.ts'
import { codeField, guardedFactor, spendSecondFactor } from '../second-factor.ts'
import { accessTokenOf } from '../session-tokens.ts'

const validate = validator<{ code?: string | null; password?: string | null }>({
  type: 'object',
  properties: { code: { ...codeField, nullable: true }, password: { ...passwordField, nullable: true } },
  required: [],
  additionalProperties: false,
})

type Parts = PasswordParts & Pick<Dependencies, 'totp' | 'signingKeys'>

/**
 * `POST /api/v1/auth/step-up`: a code, or the password where there is no second factor, for an access token with which
 * sensitive actions are let through for a while.
 */
export function stepUp({ totp, signingKeys, ...parts }: Parts): Middleware {
  const { db, lockOut } = parts

  return async function stepsUp(ctx) {
    const { code, password } = validate(ctx.request.body)
    if (!code === !password) throw invalidInput([{ field: 'code', message: 'give either this or password' }])
    const session = await (password ? byPassword(ctx, password) : byCode(ctx, String(code)))
    ctx.body = { status: 'success', data: accessTokenOf(signingKeys, session) }
  }

  function byCode(ctx: Context, code: string): Promise<LiveSession> {
    const who = caller(ctx)
    return guardedFactor({ db, lockOut }, { accountID: who.userID, client: clientOf(ctx) }, async (trx) => {
      const isRight = await spendSecondFactor(trx, { totp, accountID: who.userID, code })
      return isRight ? freshen(trx, ctx, who, ['otp']) : undefined
    })
  }

  async function byPassword(ctx: Context, password: string): Promise<LiveSession> {
    const who = caller(ctx)
    const known = await findByID(db, who.userID)
    if (known?.has_second_factor) throw codeRequired()
    const attempt = { email: known?.email ?? '', password, client: clientOf(ctx) }
    const account = await checkPassword(parts, { ...attempt, failure: 'session.step_up_failed' })
    if (account?.id !== who.userID) throw wrongPassword()
    return db.transaction(async (trx) => {
      if (!(await lockPassword(trx, account))) throw wrongPassword()
      return freshen(trx, ctx, who, [])
    })
  }
}

async function freshen(trx: Knex, ctx: Context, { userID: accountID, sessionID }: Caller, beyondPassword: string[]) {
  const fresh = sessionID && (await freshenSession(trx, { accountID, sessionID, beyondPassword }))
  if (!fresh) throw signInFirst()
  await audit(trx, 'session.stepped_up', { client: clientOf(ctx), accountID, sessionID })
  return fresh
}

const codeRequired = () => new HttpError(403, 'CODE_REQUIRED', 'This account has a second factor: show a code of it')
