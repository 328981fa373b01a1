import type { Knex } from 'knex'
import type { SealedSecret } from '../totp.ts'

export const findTotp = (db: Knex, accountID: string): Promise<(SealedSecret & { confirmed: boolean }) | undefined> =>
  db('totp')
    .where({ account_id: accountID })
    .first('sealed_secret', 'key_id', db.raw('confirmed_at is not null as confirmed'))

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
  { accountID, sealed, step }: { accountID: string; sealed: SealedSecret; step: number },
): Promise<boolean> {
  const changed = await trx('totp')
    .where({ account_id: accountID, sealed_secret: sealed.sealed_secret, confirmed_at: null })
    .update({ confirmed_at: trx.fn.now(), last_step: step })
  return changed > 0
}

/** Accepts a step's code once: of two at the same instant, on whatever nodes, one finds the step taken. */
export async function spendStep(trx: Knex, accountID: string, step: number): Promise<boolean> {
  const changed = await trx('totp')
    .where({ account_id: accountID })
    .where('last_step', '<', step)
    .update({ last_step: step })
  return changed > 0
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
  for (const table of ['totp', 'backup_codes', 'mfa_tokens']) {
    await trx(table).where({ account_id: accountID }).delete()
  }
}
