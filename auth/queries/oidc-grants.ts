import type { Knex } from 'knex'
import type { StoredArtifact } from './oidc-artifacts.ts'

export const GRANT = 'Grant'

/** A grant while it counts: its account is open, and the session it was given in goes on unless it is for offline access. */
export async function findLiveGrant(db: Knex, hash: Buffer): Promise<StoredArtifact | undefined> {
  const { rows } = await db.raw(
    `select g.payload, g.consumed_at from oidc_artifacts g
     join accounts a on a.id = g.account_id and a.status = 'active'
     left join sessions s on s.id = g.session_id and s.revoked_at is null and s.expires_at > now()
     where g.model = '${GRANT}' and g.hash = :hash and g.expires_at > now()
       and g.session_id is not null and (g.offline or s.id is not null)`,
    { hash },
  )
  return rows[0]
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
 * Puts a grant in force, in the session it is given in; gives false where that has ended. The lock makes whoever ends the
 * session wait and then see the grant.
 */
export async function bindGrant(
  db: Knex,
  { hash, accountID, sessionID, offline }: { hash: Buffer; accountID: string; sessionID: string; offline: boolean },
): Promise<boolean> {
  const { rows } = await db.raw(
    `with s as (
       select id from sessions
       where id = :sessionID and account_id = :accountID and revoked_at is null and expires_at > now() for share
     )
     update oidc_artifacts g set session_id = s.id, offline = :offline from s
     where g.model = '${GRANT}' and g.hash = :hash returning g.hash`,
    { hash, accountID, sessionID, offline },
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

/** Takes away what an account has granted, but for what was granted in the session that goes on. */
export async function deleteGrants(trx: Knex, { accountID, keep }: { accountID: string; keep?: string | undefined }) {
  await trx('oidc_artifacts')
    .where({ model: GRANT, account_id: accountID })
    .whereRaw('session_id is distinct from cast(? as uuid)', [keep ?? null])
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
