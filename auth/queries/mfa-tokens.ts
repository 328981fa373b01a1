import type { Knex } from 'knex'
import type { Client } from '../client.ts'
import { SECOND_FACTOR_ASKED } from './audit.ts'

/** What the holder of an mfaToken may do: show a second factor, or set one up. */
export type MfaPurpose = 'verify' | 'enroll'

const MAX_ATTEMPTS = 5
/** Setting up takes longer: the authenticator may still have to be installed. */
const LIFETIME_SECONDS: Record<MfaPurpose, number> = { verify: 300, enroll: 900 }

/** Notes in the audit log that there is one; gives false where the account's password is no longer the one that was shown. */
export async function insertMfaToken(
  db: Knex,
  token: { hash: Buffer; accountID: string; purpose: MfaPurpose; passwordHash: string; client: Client },
): Promise<boolean> {
  const { client, ...columns } = token
  const { address, device, requestId = null } = client
  const { rowCount } = await db.raw(
    `with token as (
       insert into mfa_tokens (hash, account_id, purpose, expires_at)
       select :hash, id, :purpose, now() + make_interval(secs => :seconds)
       from accounts where id = :accountID and password_hash = :passwordHash for share
       returning account_id
     )
     insert into audit (event, account_id, address, device, request_id)
     select :event, account_id, :address, :device, :requestId from token`,
    { ...columns, seconds: LIFETIME_SECONDS[token.purpose], address, device, requestId, event: SECOND_FACTOR_ASKED },
  )
  return rowCount > 0
}

/** The account of a token that is still good. */
export async function findMfaToken(db: Knex, hash: Buffer, purpose: MfaPurpose): Promise<string | undefined> {
  const row = await good(db, hash, purpose).first('account_id')
  return row?.account_id
}

/** As `findMfaToken`, and counts one of the token's attempts, before anybody knows how it ends. */
export async function countMfaAttempt(db: Knex, hash: Buffer, purpose: MfaPurpose): Promise<string | undefined> {
  const [row] = await good(db, hash, purpose)
    .update({ attempts: db.raw('attempts + 1') })
    .returning('account_id')
  return row?.account_id
}

const good = (db: Knex, hash: Buffer, purpose: MfaPurpose) =>
  db('mfa_tokens').where({ hash, purpose }).where('attempts', '<', MAX_ATTEMPTS).where('expires_at', '>', db.fn.now())

/** Gives false where somebody else was faster. */
export const deleteMfaToken = async (trx: Knex, hash: Buffer): Promise<boolean> =>
  (await trx('mfa_tokens').where({ hash }).delete()) > 0

export async function deleteMfaTokens(trx: Knex, accountID: string): Promise<void> {
  await trx('mfa_tokens').where({ account_id: accountID }).delete()
}
