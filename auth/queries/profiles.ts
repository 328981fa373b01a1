import type { Knex } from 'knex'

export interface Profile {
  email: string
  /** None of staff who are no members. */
  name: string | null
  phone_number: string | null
}

/** Of an open account. */
export const findProfile = (db: Knex, accountID: string): Promise<Profile | undefined> =>
  db('accounts as a')
    .leftJoin('profiles as p', 'p.account_id', 'a.id')
    .where({ 'a.id': accountID, 'a.status': 'active' })
    .first('a.email', 'p.name', 'p.phone_number')

/** Takes over what is newer than what is known; nothing of somebody who has been deleted. */
export async function saveProfile(
  trx: Knex,
  profile: { accountID: string; name: string; phoneNumber: string; version: number },
): Promise<void> {
  await trx.raw(
    `insert into profiles as p (account_id, name, phone_number, user_version)
     select :accountID, :name, :phoneNumber, :version
     where not exists (select from accounts where id = :accountID and deleted_at is not null)
     on conflict (account_id) do update set
       name = excluded.name, phone_number = excluded.phone_number, user_version = excluded.user_version
     where p.user_version < excluded.user_version`,
    profile,
  )
}

export async function deleteProfile(trx: Knex, accountID: string): Promise<void> {
  await trx('profiles').where({ account_id: accountID }).delete()
}
