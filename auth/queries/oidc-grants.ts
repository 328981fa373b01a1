import type { Knex } from 'knex'
import type { StoredArtifact } from './oidc-artifacts.ts'

export const GRANT = 'Grant'

/** Of the grants `g`, where they count: the account is open, and the session it was given in goes on unless it is for offline access. */
const LIVE = `g.model = '${GRANT}' and g.expires_at > now()
  and exists (select from accounts a where a.id = g.account_id and a.status = 'active')
  and g.session_id is not null and (g.offline or exists (
    select from sessions s where s.id = g.session_id and s.revoked_at is null and s.expires_at > now()))`

/** Of a grant from before migration 008 these two stand in the rest of its row. */
const SCOPES = `coalesce(scopes, string_to_array(substring(payload from '"scope":"([^"]*)"'), ' '), '{}')`
const SINCE = `coalesce(g.created_at, g.expires_at - interval '30 days')`

/** A grant while it counts. */
export async function findLiveGrant(db: Knex, hash: Buffer): Promise<StoredArtifact | undefined> {
  const { rows } = await db.raw(
    `select g.payload, g.consumed_at from oidc_artifacts g where g.hash = :hash and ${LIVE}`,
    { hash },
  )
  return rows[0]
}

/** An app that somebody has allowed something, be it once or in several browsers. */
export interface AllowedApp {
  id: string
  name: string
  scopes: string[]
  offline: boolean
  since: Date
  last_used_at: Date | null
}

/** By name. */
export async function listAllowedApps(
  db: Knex,
  accountID: string,
  page: { limit: number; offset: number },
): Promise<AllowedApp[]> {
  const { rows } = await db.raw(
    `select c.id, c.name, bool_or(g.offline) as offline, min(${SINCE}) as since, max(g.last_used_at) as last_used_at,
       array(
         select distinct unnest(${SCOPES}) from oidc_artifacts where model = '${GRANT}' and hash = any(array_agg(g.hash))
       ) as scopes
     from oidc_artifacts g join oidc_clients c on c.id = g.client_id
     where g.account_id = :accountID and ${LIVE}
     group by c.id order by c.name, c.id limit :limit offset :offset`,
    { accountID, ...page },
  )
  return rows
}

export async function countAllowedApps(db: Knex, accountID: string): Promise<number> {
  const { rows } = await db.raw(
    `select count(distinct g.client_id)::integer as total from oidc_artifacts g where g.account_id = :accountID and ${LIVE}`,
    { accountID },
  )
  return rows[0].total
}

/** An app has got tokens. */
export async function noteUse(db: Knex, hash: Buffer): Promise<void> {
  await db('oidc_artifacts').where({ model: GRANT, hash }).update({ last_used_at: db.fn.now() })
}

/** Takes away what an account has granted an app; gives false where that was nothing. */
export async function withdrawGrants(
  trx: Knex,
  { accountID, clientID }: { accountID: string; clientID: string },
): Promise<boolean> {
  const of = { model: GRANT, account_id: accountID, client_id: clientID }
  return (await trx('oidc_artifacts').where(of).delete()) > 0
}

/** Whether a grant counts, and the session goes on in which it was given: one for offline access outlives that. */
export async function grantedInLiveSession(db: Knex, hash: Buffer): Promise<boolean> {
  const { rowCount } = await db.raw(
    `select from oidc_artifacts g join sessions s on s.id = g.session_id and s.revoked_at is null and s.expires_at > now()
     where g.model = '${GRANT}' and g.hash = :hash and g.expires_at > now()`,
    { hash },
  )
  return rowCount > 0
}

/**
 * Puts a grant in force, in the session it is given in; gives false where that has ended, or the app may not ask for so much any
 * more. The locks make whoever ends the session or changes the app wait and then see the grant.
 */
export async function bindGrant(
  db: Knex,
  granted: {
    hash: Buffer
    accountID: string
    sessionID: string
    clientID: string
    scopes: string[]
    offline: boolean
  },
): Promise<boolean> {
  const { rows } = await db.raw(
    `with s as (
       select id from sessions
       where id = :sessionID and account_id = :accountID and revoked_at is null and expires_at > now() for share
     ), c as (
       select id from oidc_clients where id = :clientID and scopes @> cast(:scopes as text[]) for share
     )
     update oidc_artifacts g set session_id = s.id, scopes = :scopes, offline = :offline from s, c
     where g.model = '${GRANT}' and g.hash = :hash returning g.hash`,
    granted,
  )
  return rows.length > 0
}

/** Takes one away, and says whose it was; undefined where somebody else was faster. */
export async function deleteGrant(
  trx: Knex,
  hash: Buffer,
): Promise<{ account_id: string; client_id: string } | undefined> {
  const [row] = await trx('oidc_artifacts').where({ model: GRANT, hash }).delete(['account_id', 'client_id'])
  return row
}

/** Takes away what an account has granted: in one of its sessions, or in all but the one that goes on. Gives the apps that had it. */
export async function deleteGrants(
  trx: Knex,
  { accountID, sessionID, keep }: { accountID: string; sessionID?: string | undefined; keep?: string | undefined },
): Promise<string[]> {
  const grants: { client_id: string }[] = await trx('oidc_artifacts')
    .where({ model: GRANT, account_id: accountID, ...(sessionID !== undefined && { session_id: sessionID }) })
    .whereRaw('session_id is distinct from cast(? as uuid)', [keep ?? null])
    .delete('client_id')
  return [...new Set(grants.map(({ client_id }) => client_id))]
}

/** Takes away what an app was granted that holds more than these scopes. */
export async function deleteGrantsBeyond(trx: Knex, clientID: string, scopes: string[]): Promise<void> {
  await trx('oidc_artifacts')
    .where({ model: GRANT, client_id: clientID })
    .whereRaw(`not ${SCOPES} <@ cast(? as text[])`, [scopes])
    .delete()
}

/** Leaves nothing of what the provider kept about an account. */
export async function eraseArtifacts(trx: Knex, accountID: string): Promise<void> {
  await trx('oidc_artifacts').where({ account_id: accountID }).delete()
}

export const sessionsOfGrants = (db: Knex, hashes: Buffer[]): Promise<{ account_id: string; session_id: string }[]> =>
  db('oidc_artifacts')
    .where({ model: GRANT })
    .whereIn('hash', hashes)
    .whereNotNull('session_id')
    .distinct('account_id', 'session_id')
