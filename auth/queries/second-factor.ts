import type { Knex } from 'knex'
import type { SealedSecret } from '../key-ring.ts'
import type { Match } from '../totp.ts'

export interface TotpRow extends SealedSecret {
  drift: number
  confirmed: boolean
}

export const findTotp = (db: Knex, accountID: string): Promise<TotpRow | undefined> =>
  db('totp')
    .where({ account_id: accountID })
    .first('sealed_secret', 'key_id', 'drift', db.raw('confirmed_at is not null as confirmed'))

/** Keeps a secret that is not in force yet; gives false where one is. */
export async function proposeTotp(
  db: Knex,
  { accountID, sealed }: { accountID: string; sealed: SealedSecret },
): Promise<boolean> {
  const rows = await db('totp')
    .insert({ account_id: accountID, ...sealed })
    .onConflict('account_id')
    .merge()
    .where({ 'totp.confirmed_at': null })
    .returning('account_id')
  return rows.length > 0
}

/** Puts a proposed secret in force, unless another has been proposed or confirmed since it was read. */
export async function confirmTotp(
  trx: Knex,
  { accountID, sealed, match }: { accountID: string; sealed: SealedSecret; match: Match },
): Promise<boolean> {
  const changed = await trx('totp')
    .where({ account_id: accountID, sealed_secret: sealed.sealed_secret, confirmed_at: null })
    .update({ confirmed_at: trx.fn.now(), last_step: match.step, drift: match.drift })
  return changed > 0
}

/** Accepts a step's code once: of two at the same instant, on whatever nodes, one finds the step taken. */
export async function spendCode(trx: Knex, accountID: string, { step, drift }: Match): Promise<boolean> {
  const changed = await trx('totp')
    .where({ account_id: accountID })
    .where('last_step', '<', step)
    .update({ last_step: step, drift })
  return changed > 0
}

/** Has whoever changes the account's second factor at the same time wait; gives false where none is in force. */
export async function lockTotp(trx: Knex, accountID: string): Promise<boolean> {
  const row = await trx('totp')
    .where({ account_id: accountID })
    .whereNotNull('confirmed_at')
    .forUpdate()
    .first('account_id')
  return row !== undefined
}

export const sealedUnder = (
  db: Knex,
  keyIDs: string[],
  limit: number,
): Promise<(SealedSecret & { account_id: string })[]> =>
  db('totp').whereIn('key_id', keyIDs).limit(limit).select('account_id', 'sealed_secret', 'key_id')

/** Changes nothing where the account has another secret by now. */
export async function replaceSealed(
  db: Knex,
  { accountID, old, sealed }: { accountID: string; old: SealedSecret; sealed: SealedSecret },
): Promise<void> {
  await db('totp')
    .where({ account_id: accountID, sealed_secret: old.sealed_secret })
    .update({ ...sealed })
}

export async function replaceBackupCodes(trx: Knex, accountID: string, hashes: Buffer[]): Promise<void> {
  await trx('backup_codes').where({ account_id: accountID }).delete()
  await trx('backup_codes').insert(hashes.map((hash) => ({ account_id: accountID, hash })))
}

export async function spendBackupCode(trx: Knex, accountID: string, hash: Buffer): Promise<boolean> {
  const changed = await trx('backup_codes')
    .where({ account_id: accountID, hash, used_at: null })
    .update({ used_at: trx.fn.now() })
  return changed > 0
}

export async function countBackupCodes(db: Knex, accountID: string): Promise<number> {
  const row = await db('backup_codes').where({ account_id: accountID, used_at: null }).count({ left: '*' }).first()
  return Number(row?.['left'])
}

export async function eraseSecondFactor(trx: Knex, accountID: string): Promise<void> {
  for (const table of ['totp', 'backup_codes', 'mfa_tokens', 'devices']) {
    await trx(table).where({ account_id: accountID }).delete()
  }
}
