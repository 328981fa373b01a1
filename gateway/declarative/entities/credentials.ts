import { hashPassword } from '../../plugins/basic-auth/hash-password.ts'
import { publicKeyError } from '../checks/certificate.ts'
import { id, tags, timestamp } from '../field-types.ts'
import type { Check, Field, Schema } from '../schema.ts'

/** What the authentication plugins, and acl, know of a consumer. */

const consumer: Field = { type: 'foreign', reference: 'consumers', required: true, on_delete: 'cascade' }
const key: Field = { type: 'string', required: false, unique: true, auto: true }

export const keyauthCredentials: Schema = {
  name: 'keyauth_credentials',
  endpoint_key: 'key',
  cache_key: ['key'],
  fields: [{ id }, { created_at: timestamp }, { consumer }, { key }, { tags }, { ttl: { type: 'number' } }],
}

const withPublicKey = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA']

export const jwtSecrets: Schema = {
  name: 'jwt_secrets',
  endpoint_key: 'key',
  cache_key: ['key'],
  fields: [
    { id },
    { created_at: timestamp },
    { consumer },
    { key },
    { secret: { type: 'string', auto: true } },
    { rsa_public_key: { type: 'string' } },
    {
      algorithm: {
        type: 'string',
        default: 'HS256',
        one_of: [
          ...['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
          ...['PS256', 'PS384', 'PS512', 'EdDSA'],
        ],
      },
    },
    { tags },
  ],
  entity_checks: [
    {
      conditional: {
        if_field: 'algorithm',
        if_match: { match_any: { patterns: withPublicKey.map((algorithm) => `^${algorithm}$`) } },
        then_field: 'rsa_public_key',
        then_match: { required: true, custom_validator: publicKeyError as Check<string> },
      },
    },
  ],
}

export const basicauthCredentials: Schema = {
  name: 'basicauth_credentials',
  endpoint_key: 'username',
  cache_key: ['username'],
  fields: [
    { id },
    { created_at: timestamp },
    { consumer },
    { username: { type: 'string', required: true, unique: true } },
    { password: { type: 'string', required: true, encrypted: true } },
    { tags },
  ],
  transform: ({ password, consumer }) => ({
    password: hashPassword(password as string, (consumer as { id: string }).id),
  }),
}

export const acls: Schema = {
  name: 'acls',
  cache_key: ['consumer', 'group'],
  fields: [{ id }, { created_at: timestamp }, { consumer }, { group: { type: 'string', required: true } }, { tags }],
}
