import type { Knex } from 'knex'
import type { Client } from '../client.ts'

/** What a new access token needs to know of its session. */
export interface LiveSession {
  session_id: string
  account_id: string
  email: string
  roles: string[]
  amr: string[]
}

/** Longer than an access token lives, so that one signed while its session ended is still refused to its last second. */
const REVOCATION_SECONDS = 660
const LIFETIME = `interval '30 days'`

/** Opens a session with its first refresh token; undefined where the account is not active. The lock makes whoever disables the account wait and then see the session. */
export async function insertSession(
  trx: Knex,
  session: { id: string; accountID: string; amr: string[]; client: Client; hash: Buffer },
): Promise<LiveSession | undefined> {
  const { rows } = await trx.raw(
    `with account as (
       select id, email, roles from accounts where id = :accountID and status = 'active' for share
     ), opened as (
       insert into sessions (id, account_id, amr, address, user_agent, expires_at)
       select :id, id, :amr, :address, :userAgent, now() + ${LIFETIME} from account
       returning id, account_id, amr
     ), token as (
       insert into refresh_tokens (hash, session_id, expires_at) select :hash, id, now() + ${LIFETIME} from opened
     )
     select opened.id as session_id, account_id, email, roles, amr from opened, account`,
    { ...session, ...session.client, client: null, requestId: null },
  )
  return rows[0]
}

/** Spends a refresh token and puts the next one in its place, in one statement; undefined where it is not good, or not any more. */
export async function rotateRefreshToken(
  db: Knex,
  { spent, next }: { spent: Buffer; next: Buffer },
): Promise<LiveSession | undefined> {
  const { rows } = await db.raw(
    `with spent as (
       update refresh_tokens set used_at = now()
       where hash = :spent and used_at is null and expires_at > now()
       returning session_id
     ), live as (
       update sessions s set last_used_at = now(), expires_at = now() + ${LIFETIME}
       from spent, accounts a
       where s.id = spent.session_id and s.revoked_at is null and a.id = s.account_id and a.status = 'active'
       returning s.id as session_id, s.account_id, a.email, a.roles, s.amr
     ), token as (
       insert into refresh_tokens (hash, session_id, expires_at) select :next, session_id, now() + ${LIFETIME} from live
     )
     select * from live`,
    { spent, next },
  )
  return rows[0]
}

/** The session that a refresh token is or was good for. */
export const findByRefreshToken = (
  db: Knex,
  hash: Buffer,
): Promise<{ id: string; account_id: string; spent: boolean } | undefined> =>
  db('refresh_tokens')
    .join('sessions', 'sessions.id', 'refresh_tokens.session_id')
    .where({ hash })
    .first('sessions.id', 'sessions.account_id', db.raw('used_at is not null as spent'))

/** Ends an account's sessions, or one of them, and notes that the gateway must hear of it; gives the ended ones' ids. */
export async function endSessions(
  trx: Knex,
  { accountID, sessionID }: { accountID: string; sessionID?: string | undefined },
): Promise<string[]> {
  const { rows } = await trx.raw(
    `with ended as (
       update sessions set revoked_at = now()
       where account_id = :accountID and id = coalesce(cast(:sessionID as uuid), id) and revoked_at is null
       returning id
     )
     insert into revocations (session_id, expires_at)
     select id, now() + make_interval(secs => ${REVOCATION_SECONDS}) from ended returning session_id`,
    { accountID, sessionID: sessionID ?? null },
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
  user_agent: string
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
