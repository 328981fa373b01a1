import type { Middleware } from 'koa'
import { validator } from '../../lib/schema.ts'
import { newBackupCodes } from '../backup-codes.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { alreadyEnrolled, enrollingAccount, mfaTokenInvalid, notEnrolled } from '../enrolling.ts'
import { findByID } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'
import { countMfaAttempt, deleteMfaTokens } from '../queries/mfa-tokens.ts'
import { confirmTotp as confirmSecret, findTotp, replaceBackupCodes } from '../queries/second-factor.ts'
import { codeField, invalidCode } from '../second-factor.ts'
import { tellOwner } from '../tell-owner.ts'

const validate = validator<{ mfaToken?: string | null; code: string }>({
  type: 'object',
  properties: { mfaToken: { type: 'string', nullable: true, maxLength: 256 }, code: codeField },
  required: ['code'],
  additionalProperties: false,
})

/** `POST /api/v1/auth/mfa/totp/confirm`: the first right code puts the second factor in force and brings the backup codes, once. The owner is told. */
export function confirmTotp({ db, totp }: Pick<Dependencies, 'db' | 'totp'>): Middleware {
  return async function confirmsTotp(ctx) {
    const { mfaToken, code } = validate(ctx.request.body)
    const accountID = await enrollingAccount(ctx, mfaToken, { find: (hash) => countMfaAttempt(db, hash, 'enroll') })
    const account = await findByID(db, accountID)
    if (account?.status !== 'active') throw mfaTokenInvalid()
    const sealed = await findTotp(db, accountID)
    if (!sealed) throw notEnrolled()
    if (sealed.confirmed) throw alreadyEnrolled()
    const match = await totp.match(code, sealed, accountID)
    if (!match) throw invalidCode()

    const { codes, hashes } = newBackupCodes()
    await db.transaction(async (trx) => {
      if (!(await confirmSecret(trx, { accountID, sealed, match }))) throw alreadyEnrolled()
      await replaceBackupCodes(trx, accountID, hashes)
      await deleteMfaTokens(trx, accountID)
      await audit(trx, 'mfa.enrolled', { client: clientOf(ctx), accountID })
      await tellOwner(trx, account, 'second_factor_enabled')
    })
    ctx.body = { status: 'success', message: 'Second factor set up', data: { backupCodes: codes } }
  }
}
