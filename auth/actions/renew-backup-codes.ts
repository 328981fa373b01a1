import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { newBackupCodes } from '../backup-codes.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { notEnrolled } from '../enrolling.ts'
import { accountNotFound } from '../id-parameter.ts'
import { findByID } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'
import { lockTotp, replaceBackupCodes } from '../queries/second-factor.ts'
import { tellOwner } from '../tell-owner.ts'

/** `POST /api/v1/auth/mfa/backup-codes`: new backup codes, shown this once; the old ones end, and the owner is told. */
export function renewBackupCodes({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function renewsBackupCodes(ctx) {
    const { userID: accountID } = caller(ctx)
    const account = await findByID(db, accountID)
    if (account?.status !== 'active') throw accountNotFound()
    const { codes, hashes } = newBackupCodes()
    await db.transaction(async (trx) => {
      if (!(await lockTotp(trx, accountID))) throw notEnrolled()
      await replaceBackupCodes(trx, accountID, hashes)
      await audit(trx, 'mfa.backup_codes_renewed', { client: clientOf(ctx), accountID })
      await tellOwner(trx, account, 'backup_codes_renewed')
    })
    ctx.body = { status: 'success', data: { backupCodes: codes } }
  }
}
