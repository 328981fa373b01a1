import type { Knex } from 'knex'
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import { hashOf } from '../opaque-token.ts'
import * as artifacts from '../queries/oidc-artifacts.ts'
import { findLiveGrant, GRANT, noteUse } from '../queries/oidc-grants.ts'
import { createClientAdapter } from './client-adapter.ts'
import { endGrant } from './end-grant.ts'

/** Where its id stands in a stored payload: JSON has no control characters of its own. */
const ID = '\u0001'

/** Keeps what the provider has to remember in Postgres, in a form that lets nobody who reads it act in somebody's name. */
export const createAdapter = (db: Knex) => (model: string) =>
  model === 'Client' ? createClientAdapter(db) : createArtifactAdapter(db, model)

function createArtifactAdapter(db: Knex, model: string): Adapter {
  const at = (id: string) => ({ model, hash: hashOf(id) })
  return {
    async upsert(id, payload, expiresIn = 0) {
      const { uid, grantId: grant_id, accountId: account_id, clientId: client_id } = payload
      const links = { uid, grant_id, account_id, client_id }
      await artifacts.saveArtifact(db, { ...at(id), ...links, payload: pack(id, payload), expiresIn })
      if (model === 'AccessToken' && grant_id) await noteUse(db, hashOf(grant_id))
    },
    async find(id) {
      const row = model === GRANT ? await findLiveGrant(db, hashOf(id)) : await artifacts.findArtifact(db, at(id))
      return unpack(id, row)
    },
    async findByUid(uid) {
      return unpack('', await artifacts.findArtifactByUid(db, model, uid)) // who asks has no use for its id
    },
    findByUserCode: () => Promise.reject(new Error('the device flow is not offered')),
    /** Of two at the same instant only one gets through, and what they were granted ends, as after any second use. */
    async consume(id) {
      if (await artifacts.consumeArtifact(db, at(id))) return
      const grantID = unpack(id, await artifacts.findArtifact(db, at(id)))?.grantId
      if (grantID) await endGrant(db, hashOf(grantID))
      throw new errors.InvalidGrant('used before')
    },
    destroy: (id) => (model === GRANT ? endGrant(db, hashOf(id)) : artifacts.deleteArtifact(db, at(id))),
    revokeByGrantId: (grantID) => artifacts.deleteArtifactsOfGrant(db, model, grantID),
  }
}

/** Without the ids that open something: its own, and in an interaction that of the browser's session. */
function pack(id: string, payload: AdapterPayload): string {
  const known = payload.session && { session: { ...payload.session, cookie: undefined } }
  return JSON.stringify({ ...payload, ...known }).replaceAll(id, ID)
}

function unpack(id: string, row: artifacts.StoredArtifact | undefined): AdapterPayload | undefined {
  if (!row) return undefined
  const payload = JSON.parse(row.payload.replaceAll(ID, id)) as AdapterPayload
  return row.consumed_at ? { ...payload, consumed: Math.floor(+row.consumed_at / 1000) } : payload
}
