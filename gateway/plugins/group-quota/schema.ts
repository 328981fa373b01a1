import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { Field, PluginSchema } from '../../declarative/schema.ts'
import { config, flag, redisFields } from '../fields.ts'
import { notDescending } from '../rate-limiting/schema.ts'
import { PERIODS } from '../rate-limiting/windows.ts'

/**
 * How many requests a consumer of the group may make in each period. A map and not a record: decK fills in the fields that are
 * left out of a record, but not of records within a map, and would find a difference for ever.
 */
const quota: Field = {
  type: 'map',
  required: true,
  keys: { type: 'string', one_of: PERIODS },
  values: { type: 'integer', gt: 0 },
  len_min: 1,
  custom_validator: notDescending,
}

export const schema: PluginSchema = {
  name: 'group-quota',
  fields: [
    protocolsHttp,
    config([
      { groups: { type: 'map', required: true, len_min: 1, keys: { type: 'string' }, values: quota } },
      /** Whether a request that no quota applies to is refused: one without a consumer, or whose consumer is in none of the groups. */
      { require_group: flag(false) },
      { policy: { type: 'string', required: true, default: 'redis', one_of: ['local', 'redis'] } },
      { fault_tolerant: flag(true) },
      { redis: { type: 'record', required: true, fields: redisFields } },
      { hide_client_headers: flag(false) },
      { error_code: { type: 'integer', required: true, default: 429, between: [400, 599] } },
      { error_message: { type: 'string', required: true, default: 'API rate limit exceeded' } },
    ]),
  ],
  entity_checks: [
    {
      conditional: {
        if_field: 'config.policy',
        if_match: { eq: 'redis' },
        then_field: 'config.redis.host',
        then_match: { required: true },
      },
    },
  ],
}
