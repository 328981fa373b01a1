import type { Knex } from 'knex'
import { HttpError } from '../lib/errors.ts'
import { hashOfBackupCode } from './backup-codes.ts'
import type { Client } from './client.ts'
import type { Dependencies } from './dependencies.ts'
import { codeSubject, Locked } from './lock-out.ts'
import { endAttempt } from './queries/attempts.ts'
import { audit } from './queries/audit.ts'
import { findTotp, spendBackupCode, spendCode } from './queries/second-factor.ts'
import type { Totp } from './totp.ts'

const MUST_HAVE_ONE = ['staff', 'admin']
/** Two logins' worth: ending mfaTokens alone would let whoever knows the password go on guessing with new ones. */
const MAX_FAILURES = 10

/** Whether these roles may not sign in on a password alone. */
export const requiresSecondFactor = (roles: string[]): boolean => roles.some((role) => MUST_HAVE_ONE.includes(role))

/** The roles that may not sign in by these methods (RFC 8176). */
export const rolesBeyond = (amr: string[]): string[] => (amr.includes('otp') ? [] : MUST_HAVE_ONE)

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
  const match = await totp.match(code, sealed, accountID)
  return match !== undefined && (await spendCode(trx, accountID, match))
}

/** Judges what is shown as an account's second factor, in a transaction; an account's failures count together, wherever they are made. */
export async function guardedFactor<T>(
  { db, lockOut }: Pick<Dependencies, 'db' | 'lockOut'>,
  { accountID, client }: { accountID: string; client: Client },
  judge: (trx: Knex.Transaction) => Promise<T | undefined>,
): Promise<T> {
  const subjects = { own: codeSubject(accountID), most: MAX_FAILURES }
  const right = await lockOut
    .guard(subjects, () => db.transaction(judge))
    .catch(async (error) => {
      if (error instanceof Locked) await audit(db, 'mfa.locked', { client, accountID })
      throw error
    })
  if (!right) {
    await audit(db, 'mfa.failed', { client, accountID })
    throw invalidCode()
  }
  await endAttempt(db, right.ending)
  return right.judged
}

/** Of a body's JSON Schema. */
export const codeField = { type: 'string', pattern: '^[0-9]{6}$' } as const

export const invalidCode = () => new HttpError(401, 'INVALID_CODE', 'Wrong code, or one that was used before')
