import type { Knex } from 'knex'

/** An app that people sign in to with their account here. */
export interface OidcClient {
  id: string
  name: string
  secret_hash: Buffer | null
  redirect_uris: string[]
  post_logout_redirect_uris: string[]
  scopes: string[]
  created_at: Date
  version: number
}

export async function insertClient(trx: Knex, client: Omit<OidcClient, 'created_at' | 'version'>): Promise<OidcClient> {
  const [row] = await trx('oidc_clients').insert(client).returning('*')
  return row
}

export const findClient = (db: Knex, id: string): Promise<OidcClient | undefined> =>
  db('oidc_clients').where({ id }).first()

export const listClients = (db: Knex, { limit, offset }: { limit: number; offset: number }): Promise<OidcClient[]> =>
  db('oidc_clients').orderBy('name').orderBy('id').limit(limit).offset(offset).select()

export async function countClients(db: Knex): Promise<number> {
  const row = await db('oidc_clients').count({ total: '*' }).first()
  return Number(row?.['total'])
}

/** As `findClient`; the row stays as it is until the transaction ends. */
export const lockClient = (trx: Knex, id: string): Promise<OidcClient | undefined> =>
  trx('oidc_clients').where({ id }).forUpdate().first()

export type ClientChanges = Partial<Pick<OidcClient, 'name' | 'redirect_uris' | 'post_logout_redirect_uris' | 'scopes'>>

export async function updateClient(trx: Knex, id: string, changes: ClientChanges): Promise<OidcClient> {
  const [row] = await trx('oidc_clients')
    .where({ id })
    .update({ ...changes, version: trx.raw('version + 1') })
    .returning('*')
  return row
}

/** Of an app that keeps one; undefined where there is none such. */
export async function setClientSecret(trx: Knex, id: string, secret_hash: Buffer): Promise<OidcClient | undefined> {
  const [row] = await trx('oidc_clients')
    .where({ id })
    .whereNotNull('secret_hash')
    .update({ secret_hash })
    .returning('*')
  return row
}

/** With all that was granted to it. Gives false where there was none. */
export async function deleteClient(trx: Knex, id: string): Promise<boolean> {
  return (await trx('oidc_clients').where({ id }).delete()) > 0
}
