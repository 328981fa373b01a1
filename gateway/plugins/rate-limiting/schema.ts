import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { EntityCheck, Field, FieldList, PluginSchema, ShorthandField } from '../../declarative/schema.ts'
import { config, flag, headerName, redisFields } from '../fields.ts'
import { PERIODS, type Period, type PeriodLimits } from './windows.ts'

const REALTIME = -1

/** A longer period may not allow less than a shorter one: the shorter limit could never be used. */
export function notDescending(declared: PeriodLimits): string | undefined {
  const limits = PERIODS.flatMap((period) => (typeof declared[period] === 'number' ? [[period, declared[period]]] : []))
  for (const [at, [lower, least]] of (limits as [Period, number][]).entries())
    for (const [upper, limit] of limits.slice(at + 1) as [Period, number][])
      if (limit < least)
        return `The limit for ${upper}(${limit.toFixed(1)}) cannot be lower than the limit for ${lower}(${least.toFixed(1)})`
  return undefined
}

function check(declared: PeriodLimits & { policy: string; sync_rate: number }): string | undefined {
  const { policy, sync_rate } = declared
  const descending = notDescending(declared)
  if (descending !== undefined) return descending
  if (policy !== 'redis' && sync_rate !== REALTIME) return 'sync_rate can only be used with the redis policy'
  if (sync_rate !== REALTIME && sync_rate < 0.02) return 'sync_rate must be greater than 0.02, or -1 to disable'
  return undefined
}

/** The flat spelling of a Redis setting, which Kong still takes. */
function flat(name: string, more: Partial<Field> & Pick<Field, 'type'>): Record<string, ShorthandField> {
  const message = `rate-limiting: config.redis_${name} is deprecated, please use config.redis.${name} instead`
  return {
    [`redis_${name}`]: {
      ...more,
      deprecation: { replaced_with: [{ path: ['redis', name] }], message, removal_in_version: '4.0' },
      func: (value: never) => ({ redis: { [name]: value } }),
    },
  }
}

const whenRequired = (if_field: string, value: string, then_field: string): EntityCheck => ({
  conditional: { if_field, if_match: { eq: value }, then_field, then_match: { required: true } },
})

export const schema: PluginSchema = {
  name: 'rate-limiting',
  fields: [
    protocolsHttp,
    config(
      [
        ...PERIODS.map((period): FieldList[number] => ({ [period]: { type: 'number', gt: 0 } })),
        {
          limit_by: {
            type: 'string',
            default: 'consumer',
            one_of: ['consumer', 'credential', 'ip', 'service', 'header', 'path'],
          },
        },
        { header_name: headerName },
        {
          path: {
            type: 'string',
            starts_with: '/',
            match_none: [{ pattern: '//', err: 'must not have empty segments' }],
          },
        },
        { policy: { type: 'string', default: 'local', len_min: 0, one_of: ['local', 'redis'] } },
        { fault_tolerant: flag(true) },
        { redis: { type: 'record', required: true, fields: redisFields } },
        { hide_client_headers: flag(false) },
        { error_code: { type: 'number', default: 429, gt: 0 } },
        { error_message: { type: 'string', default: 'API rate limit exceeded' } },
        { sync_rate: { type: 'number', required: true, default: REALTIME } },
      ],
      {
        custom_validator: check,
        shorthand_fields: [
          flat('host', { type: 'string' }),
          flat('port', { type: 'integer' }),
          flat('password', { type: 'string', len_min: 0 }),
          flat('username', { type: 'string' }),
          flat('ssl', { type: 'boolean' }),
          flat('ssl_verify', { type: 'boolean' }),
          flat('server_name', { type: 'string' }),
          flat('timeout', { type: 'integer' }),
          flat('database', { type: 'integer' }),
        ],
      },
    ),
  ],
  entity_checks: [
    { at_least_one_of: PERIODS.map((period) => `config.${period}`) },
    whenRequired('config.policy', 'redis', 'config.redis.host'),
    whenRequired('config.policy', 'redis', 'config.redis.port'),
    whenRequired('config.policy', 'redis', 'config.redis.timeout'),
    whenRequired('config.limit_by', 'header', 'config.header_name'),
    whenRequired('config.limit_by', 'path', 'config.path'),
  ],
}
