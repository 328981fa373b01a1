import type { Knex } from 'knex'
import type { Client } from '../client.ts'
import { END_ATTEMPT, type Ending, endingColumns } from './attempts.ts'
import { SIGNED_IN } from './audit.ts'

/** What a new access token needs to know of its session. */
export interface LiveSession {
  session_id: string
  account_id: string
  email: string
  roles: string[]
  amr: string[]
  /** In seconds since the epoch. */
  auth_time: number
}

/** A `LiveSession` of the session `s` and its account `a`. */
export const LIVE = `s.id as session_id, s.account_id, a.email, a.roles, s.amr,
  floor(extract(epoch from s.authenticated_at))::double precision as auth_time`

/** Longer than an access token lives, so that one signed while its session ended is still refused to its last second. */
const REVOCATION_SECONDS = 660
export const LIFETIME = `interval '30 days'`

/**
 * Opens a session with its first refresh token, notes it in the audit log and ends the attempt that led to it; undefined where
 * the account is not active, has a role that is barred, or its password is no longer the one that was shown. The lock makes
 * whoever disables the account, gives it a role or replaces the password wait and then see the session.
 */
export async function insertSession(
  db: Knex,
  session: {
    id: string
    accountID: string
    amr: string[]
    authenticatedAt?: Date | undefined
    passwordHash?: string
    barredRoles: string[]
    ending?: Ending | undefined
    client: Client
    hash: Buffer
  },
): Promise<LiveSession | undefined> {
  const { id, accountID, amr, authenticatedAt = null, passwordHash = null, barredRoles, hash } = session
  const { ending = { attempts: [] } } = session
  const { address, device, requestId = null } = session.client
  const { rows } = await db
    .raw(
      `with a as (
       select id, email, roles from accounts
       where id = :accountID and status = 'active' and (password_hash = :passwordHash or cast(:passwordHash as text) is null)
         and not roles && cast(:barredRoles as text[])
       for share
     ), s as (
       insert into sessions (id, account_id, amr, authenticated_at, address, device, expires_at)
       select :id, id, :amr, coalesce(cast(:authenticatedAt as timestamptz), now()), :address, :device, now() + ${LIFETIME}
       from a
       returning id, account_id, amr, authenticated_at
     ), token as (
       insert into refresh_tokens (hash, session_id, expires_at) select :hash, id, now() + ${LIFETIME} from s
     ), line as (
       insert into audit (event, account_id, session_id, address, device, request_id)
       select :event, account_id, id, :address, :device, :requestId from s
     ), ended as (${END_ATTEMPT}
     )
     select ${LIVE} from s, a`,
      {
        ...{ id, accountID, amr, authenticatedAt, passwordHash, barredRoles, hash },
        ...{ address, device, requestId, event: SIGNED_IN, ...endingColumns(ending) },
      },
    )
    .options({ name: 'insert session' })
  return rows[0]
}

/**
 * Notes that the session's owner has just shown a second factor, or the password alone; undefined where the session has ended,
 * and for a password where there is a second factor.
 */
export async function freshenSession(
  trx: Knex,
  freshened: { accountID: string; sessionID: string; beyondPassword: string[] },
): Promise<LiveSession | undefined> {
  const { rows } = await trx.raw(
    `update sessions s set
       authenticated_at = now(),
       amr = array['pwd'] || cast(:beyondPassword as text[])
     from accounts a
     where s.id = :sessionID and s.account_id = :accountID and s.revoked_at is null
       and a.id = s.account_id and a.status = 'active'
       and (cardinality(cast(:beyondPassword as text[])) > 0
         or not exists (select from totp where account_id = a.id and confirmed_at is not null))
     returning ${LIVE}`,
    freshened,
  )
  return rows[0]
}

/** The caller's session, while it goes on. */
export async function findLiveSession(
  db: Knex,
  { accountID, sessionID }: { accountID: string; sessionID: string },
): Promise<LiveSession | undefined> {
  const { rows } = await db.raw(
    `select ${LIVE} from sessions s join accounts a on a.id = s.account_id and a.status = 'active'
     where s.id = :sessionID and s.account_id = :accountID and s.revoked_at is null`,
    { accountID, sessionID },
  )
  return rows[0]
}

/** Ends an account's sessions, one of them or all but one, and notes that the gateway must hear of it; gives the ended ones' ids. */
export async function endSessions(
  trx: Knex,
  { accountID, sessionID, keep }: { accountID: string; sessionID?: string | undefined; keep?: string | undefined },
): Promise<string[]> {
  const { rows } = await trx.raw(
    `with ended as (
       update sessions set revoked_at = now()
       where account_id = :accountID and revoked_at is null
         and id = coalesce(cast(:sessionID as uuid), id) and id is distinct from cast(:keep as uuid)
       returning id
     )
     insert into revocations (session_id, expires_at)
     select id, now() + make_interval(secs => ${REVOCATION_SECONDS}) from ended returning session_id`,
    { accountID, sessionID: sessionID ?? null, keep: keep ?? null },
  )
  return rows.map((row: { session_id: string }) => row.session_id)
}

export async function deleteSessions(trx: Knex, accountID: string): Promise<void> {
  await trx('sessions').where({ account_id: accountID }).delete()
}

export interface SessionRow {
  id: string
  amr: string[]
  address: string
  device: string
  created_at: Date
  last_used_at: Date
  expires_at: Date
}

const live = (db: Knex, accountID: string) =>
  db('sessions').where({ account_id: accountID, revoked_at: null }).where('expires_at', '>', db.fn.now())

export const listSessions = (
  db: Knex,
  accountID: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<SessionRow[]> =>
  live(db, accountID).orderBy('last_used_at', 'desc').orderBy('id').limit(limit).offset(offset).select()

export async function countSessions(db: Knex, accountID: string): Promise<number> {
  const row = await live(db, accountID).count({ total: '*' }).first()
  return Number(row?.['total'])
}
