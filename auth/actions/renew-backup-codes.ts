import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { newBackupCodes } from '../backup-codes.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { notEnrolled } from '../enrolling.ts'
import { audit } from '../queries/audit.ts'
import { lockTotp, replaceBackupCodes } from '../queries/second-factor.ts'

/** `POST /api/v1/auth/mfa/backup-codes`: new backup codes, shown this once; the old ones end. */
export function renewBackupCodes({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function renewsBackupCodes(ctx) {
    const { userID: accountID } = caller(ctx)
    const { codes, hashes } = newBackupCodes()
    await db.transaction(async (trx) => {
      if (!(await lockTotp(trx, accountID))) throw notEnrolled()
      await replaceBackupCodes(trx, accountID, hashes)
      await audit(trx, 'mfa.backup_codes_renewed', { client: clientOf(ctx), accountID })
    })
    ctx.body = { status: 'success', data: { backupCodes: codes } }
  }
}
