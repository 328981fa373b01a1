import type { Knex } from 'knex'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { findClient, type OidcClient } from '../queries/oidc-clients.ts'
import { isLoopback } from './redirect-uri.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Clients are registered by admins alone: the provider only reads them. */
export function createClientAdapter(db: Knex): Adapter {
  const refuse = () => Promise.reject(new Error('clients are registered by admins'))
  return {
    async find(id) {
      const client = UUID.test(id) ? await findClient(db, id) : undefined
      return client && toMetadata(client)
    },
    upsert: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  }
}

/** Runs on people's own machines, and says so by where it listens (RFC 8252 §7.3). */
const isNative = ({ secret_hash, redirect_uris, post_logout_redirect_uris }: OidcClient) =>
  !secret_hash && [...redirect_uris, ...post_logout_redirect_uris].every(isLoopback)

/** As RFC 7591 §2 names it. In place of the secret stands its hash, which is what the provider compares with (provider.ts). */
const toMetadata = (client: OidcClient): AdapterPayload => ({
  client_id: client.id,
  client_name: client.name,
  ...(client.secret_hash && { client_secret: client.secret_hash.toString('hex') }),
  token_endpoint_auth_method: client.secret_hash ? 'client_secret_basic' : 'none',
  application_type: isNative(client) ? 'native' : 'web',
  redirect_uris: client.redirect_uris,
  post_logout_redirect_uris: client.post_logout_redirect_uris,
  response_types: ['code'],
  grant_types: ['authorization_code', ...(client.scopes.includes('offline_access') ? ['refresh_token' as const] : [])],
  scope: client.scopes.join(' '),
  id_token_signed_response_alg: 'ES256',
})
