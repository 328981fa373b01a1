import type { Knex } from 'knex'

export interface Artifact {
  model: string
  hash: Buffer
}

export interface StoredArtifact {
  payload: string
  consumed_at: Date | null
}

interface Contents extends Artifact {
  payload: string
  uid: string | undefined
  grant_id: string | undefined
  account_id: string | undefined
  client_id: string | undefined
  /** Seconds. */
  expiresIn: number
}

export async function saveArtifact(db: Knex, { expiresIn, ...contents }: Contents): Promise<void> {
  await db('oidc_artifacts')
    .insert({ ...contents, expires_at: db.raw('now() + make_interval(secs => ?)', [expiresIn]) })
    .onConflict(['model', 'hash'])
    .merge()
}

const stored = (db: Knex) => db('oidc_artifacts').where('expires_at', '>', db.fn.now())

export const findArtifact = (db: Knex, { model, hash }: Artifact): Promise<StoredArtifact | undefined> =>
  stored(db).where({ model, hash }).first('payload', 'consumed_at')

export const findArtifactByUid = (db: Knex, model: string, uid: string): Promise<StoredArtifact | undefined> =>
  stored(db).where({ model, uid }).first('payload', 'consumed_at')

/** Gives false where it has been consumed before, be it in this instant. */
export async function consumeArtifact(db: Knex, { model, hash }: Artifact): Promise<boolean> {
  const changed = await stored(db).where({ model, hash, consumed_at: null }).update({ consumed_at: db.fn.now() })
  return changed > 0
}

export async function deleteArtifact(db: Knex, { model, hash }: Artifact): Promise<void> {
  await db('oidc_artifacts').where({ model, hash }).delete()
}

export async function deleteArtifactsOfGrant(db: Knex, model: string, grantID: string): Promise<void> {
  await db('oidc_artifacts').where({ model, grant_id: grantID }).delete()
}

export async function deleteSingleSignOnOfOthers(
  db: Knex,
  { hash, accountID }: { hash: Buffer; accountID: string },
): Promise<void> {
  await db('oidc_artifacts').where({ model: 'Session', hash }).whereNot({ account_id: accountID }).delete()
}
