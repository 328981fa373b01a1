import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { config, redisFields } from '../fields.ts'

export const schema: PluginSchema = {
  name: 'trusted-identity',
  fields: [
    protocolsHttp,
    config([
      { roles: { type: 'set', elements: { type: 'string' } } },
      { amr: { type: 'set', elements: { type: 'string' } } },
      { max_auth_age: { type: 'integer', gt: 0 } },
      { gateway_token: { type: 'string', required: true, referenceable: true, encrypted: true } },
      { redis: { type: 'record', required: true, fields: redisFields } },
      { on_redis_error: { type: 'string', required: true, default: 'allow', one_of: ['allow', 'deny'] } },
    ]),
  ],
}
