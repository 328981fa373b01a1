import type { Knex } from 'knex'
import { audit } from '../queries/audit.ts'
import { deleteGrant } from '../queries/oidc-grants.ts'

/** An app has given back what it was granted, signed its user out, or used something of it a second time. */
export const endGrant = (db: Knex, hash: Buffer): Promise<void> =>
  db.transaction(async (trx) => {
    const ended = await deleteGrant(trx, hash)
    if (ended) await audit(trx, 'consent.ended', { accountID: ended.account_id, clientID: ended.client_id })
  })
