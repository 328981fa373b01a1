import type { Knex } from 'knex'
import { HttpError } from '../lib/errors.ts'
import { hashOfBackupCode } from './backup-codes.ts'
import { findTotp, spendBackupCode, spendStep } from './queries/second-factor.ts'
import type { Totp } from './totp.ts'

const MUST_HAVE_ONE = new Set(['staff', 'admin'])

/** Whether these roles may not sign in on a password alone. */
export const requiresSecondFactor = (roles: string[]): boolean => roles.some((role) => MUST_HAVE_ONE.has(role))

/** Judges a TOTP code or a backup code, and spends it. */
export async function spendSecondFactor(
  trx: Knex,
  {
    totp,
    accountID,
    code,
    backupCode,
  }: { totp: Totp; accountID: string; code?: string | null; backupCode?: string | null },
): Promise<boolean> {
  if (backupCode) return spendBackupCode(trx, accountID, hashOfBackupCode(backupCode))
  const sealed = await findTotp(trx, accountID)
  if (!code || !sealed?.confirmed) return false
  const step = await totp.stepOf(code, sealed, accountID)
  return step !== undefined && (await spendStep(trx, accountID, step))
}

/** Of a body's JSON Schema. */
export const codeField = { type: 'string', pattern: '^[0-9]{6}$' } as const

export const invalidCode = () => new HttpError(401, 'INVALID_CODE', 'Wrong code, or one that was used before')
