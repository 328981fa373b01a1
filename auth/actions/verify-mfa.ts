import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { invalidInput } from '../../lib/errors.ts'
import { validator } from '../../lib/schema.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { setDeviceCookie } from '../device-cookie.ts'
import { mfaTokenInvalid } from '../enrolling.ts'
import { takeOverBrowser } from '../oidc/single-sign-on.ts'
import { hashOf, newToken } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { insertDevice } from '../queries/devices.ts'
import { countMfaAttempt, deleteMfaToken } from '../queries/mfa-tokens.ts'
import { codeField, guardedFactor, spendSecondFactor } from '../second-factor.ts'
import { handOver, type RefreshTokenIn, refreshTokenInField, startSession } from '../session-tokens.ts'

interface Verification {
  mfaToken: string
  code?: string | null
  backupCode?: string | null
  rememberDevice?: boolean | null
  refreshTokenIn?: RefreshTokenIn | null
}

const validate = validator<Verification>({
  type: 'object',
  properties: {
    mfaToken: { type: 'string', minLength: 1, maxLength: 256 },
    code: { ...codeField, nullable: true },
    backupCode: { type: 'string', nullable: true, minLength: 1, maxLength: 64 },
    rememberDevice: { type: 'boolean', nullable: true },
    refreshTokenIn: refreshTokenInField,
  },
  required: ['mfaToken'],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'lockOut' | 'totp' | 'signingKeys' | 'cookieKey'>

/** `POST /api/v1/auth/mfa/verify`: finishes a login with a TOTP code or a backup code; either works once. */
export function verifyMfa({ db, lockOut, totp, ...keys }: Parts): Middleware {
  return async function verifiesMfa(ctx) {
    const { mfaToken, code, backupCode, rememberDevice, refreshTokenIn } = validate(ctx.request.body)
    if (!code === !backupCode) throw invalidInput([{ field: 'code', message: 'give either this or backupCode' }])
    const hash = hashOf(mfaToken)
    const client = clientOf(ctx)
    const accountID = await countMfaAttempt(db, hash, 'verify')
    if (!accountID) throw mfaTokenInvalid()
    const { opened, deviceToken } = await guardedFactor({ db, lockOut }, { accountID, client }, async (trx) => {
      if (!(await spendSecondFactor(trx, { totp, accountID, code, backupCode }))) return undefined
      // The account before its mfaTokens, as whoever replaces the password locks them.
      const opened = await startSession(trx, { accountID, amr: ['pwd', 'otp'] }, client)
      if (!(await deleteMfaToken(trx, hash))) throw mfaTokenInvalid()
      return { opened, deviceToken: rememberDevice ? await remember(trx, accountID, client) : undefined }
    })
    await takeOverBrowser(ctx, db, accountID)
    if (deviceToken) setDeviceCookie(ctx, keys.cookieKey, deviceToken)
    ctx.body = { status: 'success', data: handOver(ctx, keys, opened, refreshTokenIn ?? 'body') }
  }
}

async function remember(trx: Knex, accountID: string, client: Client): Promise<string> {
  const { token, hash } = newToken()
  await insertDevice(trx, { id: randomUUID(), accountID, hash, client })
  await audit(trx, 'device.remembered', { client, accountID })
  return token
}
