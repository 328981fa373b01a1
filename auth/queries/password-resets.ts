import type { Knex } from 'knex'
import type { Account } from './accounts.ts'

const LIFETIME = `interval '30 minutes'`
/** Nobody's mailbox is flooded with links. */
const MOST = 3

/** Who may reset the password behind this address; locked, so that the address stays theirs and parallel requests count each other. */
export const lockActive = (trx: Knex.Transaction, email: string): Promise<Pick<Account, 'id' | 'email'> | undefined> =>
  trx('accounts').where({ email: email.toLowerCase(), status: 'active' }).forUpdate().first('id', 'email')

/** Gives false where the account has enough of them. */
export async function insertPasswordReset(trx: Knex.Transaction, id: string, accountID: string): Promise<boolean> {
  const { rowCount } = await trx.raw(
    `insert into password_resets (id, account_id, expires_at)
     select :id, :accountID, now() + ${LIFETIME}
     where (select count(*) from password_resets where account_id = :accountID and expires_at > now()) < ${MOST}`,
    { id, accountID },
  )
  return rowCount > 0
}

/** The account of a reset that is still good. */
export const findByPasswordReset = (db: Knex, id: string): Promise<Pick<Account, 'id' | 'email'> | undefined> =>
  good(db, id).join('accounts', 'accounts.id', 'account_id').where({ status: 'active' }).first('accounts.id', 'email')

/** Gives false where somebody else was faster. */
export const deletePasswordReset = async (trx: Knex, id: string): Promise<boolean> => (await good(trx, id).delete()) > 0

const good = (db: Knex, id: string) =>
  db('password_resets').where({ 'password_resets.id': id }).where('expires_at', '>', db.fn.now())

/** What was mailed before opens nothing any more. */
export async function deletePasswordResets(trx: Knex, accountID: string): Promise<void> {
  await trx('password_resets').where({ account_id: accountID }).delete()
}
