import type { Knex } from 'knex'

export interface Account {
  id: string
  email: string
  password_hash: string | null
  roles: string[]
  status: 'pending' | 'active' | 'disabled' | 'deleted'
  /** Set up and confirmed. */
  has_second_factor: boolean
}

/** The columns of an `Account`. */
export const ACCOUNT = `id, email, password_hash, roles, status,
  exists (select from totp where account_id = accounts.id and confirmed_at is not null) as has_second_factor`

const find = (db: Knex, by: { id: string } | { email: string }): Promise<Account | undefined> =>
  db('accounts')
    .where(by)
    .options({ name: `find account by ${Object.keys(by)}` })
    .first(db.raw(ACCOUNT))

export const findByEmail = (db: Knex, email: string) => find(db, { email: email.toLowerCase() })

export const findByID = (db: Knex, id: string) => find(db, { id })

/** Gives false where the email or the id is taken. */
export async function insertPending(
  trx: Knex,
  { id, email, passwordHash }: { id: string; email: string; passwordHash: string },
): Promise<boolean> {
  const rows = await trx('accounts')
    .insert({ id, email: email.toLowerCase(), password_hash: passwordHash })
    .onConflict()
    .ignore()
    .returning('id')
  return rows.length > 0
}

/** Gives false where the account is no longer pending: from then on only its owner may change the password. */
export async function replacePendingPassword(
  trx: Knex,
  { id, email, passwordHash }: { id: string; email: string; passwordHash: string },
): Promise<boolean> {
  const changed = await trx('accounts')
    .where({ id, email: email.toLowerCase(), status: 'pending' })
    .update({ password_hash: passwordHash })
  return changed > 0
}

export async function setPassword(trx: Knex, id: string, passwordHash: string): Promise<void> {
  await trx('accounts').where({ id }).update({ password_hash: passwordHash })
}

/** Puts another hash of the same password in the place of its own; gives false where that has another one by now. */
export async function replaceHash(db: Knex, { id, password_hash }: Account, renewed: string): Promise<boolean> {
  return (await db('accounts').where({ id, password_hash }).update({ password_hash: renewed })) > 0
}

/** Gives false where the password is another one by now, or the account closed; else it stays until the transaction ends. */
export const lockPassword = async (trx: Knex, { id, password_hash }: Account): Promise<boolean> =>
  (await trx('accounts').where({ id, password_hash, status: 'active' }).forUpdate().first('id')) !== undefined

/**
 * An account without a password where there is none yet: its owner confirmed without choosing one. Whoever has an account
 * of another id under this address already, as staff have, keeps that one.
 */
export async function confirm(trx: Knex, { id, email }: { id: string; email: string }): Promise<void> {
  await trx.raw(
    `insert into accounts (id, email, confirmed_at) select :id, lower(:email), now()
     where not exists (select from accounts where email = lower(:email) and id <> :id)
     on conflict (id) do update set confirmed_at = now()
     where accounts.confirmed_at is null and accounts.deleted_at is null`,
    { id, email },
  )
}

/** Takes over what a newer version of the user says; gives false where this one is not newer. */
export async function followUser(
  trx: Knex,
  user: { id: string; email: string; version: number; confirmed: boolean; disabled: boolean },
): Promise<boolean> {
  const { rows } = await trx.raw(
    `insert into accounts as a (id, email, user_version, confirmed_at, disabled_at)
     values (:id, lower(:email), :version, case when :confirmed then now() end, case when :disabled then now() end)
     on conflict (id) do update set
       email = excluded.email,
       user_version = excluded.user_version,
       confirmed_at = coalesce(a.confirmed_at, excluded.confirmed_at),
       disabled_at = excluded.disabled_at
     where a.user_version < excluded.user_version and a.deleted_at is null
     returning id`,
    user,
  )
  return rows.length > 0
}

/** Leaves an empty row, also where there was none yet. */
export async function erase(trx: Knex, id: string): Promise<void> {
  await trx.raw(
    `insert into accounts (id, deleted_at) values (:id, now())
     on conflict (id) do update set deleted_at = now(), email = null, password_hash = null, roles = '{}'`,
    { id },
  )
}

export async function dropPending(trx: Knex, ids: string[]): Promise<void> {
  await trx('accounts').whereIn('id', ids).where({ status: 'pending' }).delete()
}

export async function insertAdmin(
  trx: Knex,
  { id, email, passwordHash }: { id: string; email: string; passwordHash: string },
): Promise<void> {
  await trx('accounts').insert({
    id,
    email: email.toLowerCase(),
    password_hash: passwordHash,
    roles: ['admin'],
    confirmed_at: trx.fn.now(),
  })
}

/** Opens the account as well: who may make admins vouches for the address. */
export async function promote(trx: Knex, id: string, passwordHash: string | null): Promise<void> {
  await trx('accounts')
    .where({ id })
    .update({
      roles: trx.raw(`array(select distinct unnest(array_append(roles, 'admin')))`),
      password_hash: passwordHash,
      confirmed_at: trx.raw('coalesce(confirmed_at, now())'),
    })
}
