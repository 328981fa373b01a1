import { errorAnswer } from '../../error-answer.ts'
import type { Answer, Exchange } from '../../exchange.ts'
import type { Gateway, Plugin, RedisSettings } from '../../plugin.ts'
import { limitsAt } from '../rate-limiting/counting.ts'
import { type Enforcement, enforce } from '../rate-limiting/enforce.ts'
import type { PeriodLimits } from '../rate-limiting/windows.ts'
import { createQuotas, type Quotas } from './quotas.ts'

interface Config extends Omit<Enforcement, 'connection'> {
  groups: Record<string, PeriodLimits>
  require_group: boolean
  policy: 'local' | 'redis'
  redis: RedisSettings
}

interface Prepared extends Enforcement {
  quotas: Quotas
  require_group: boolean
}

/** Who has no quota passes unlimited, as this is not what lets people in or out; unless `require_group` makes it so. */
function withoutQuota({ require_group }: Prepared, exchange: Exchange): Answer | undefined {
  if (!require_group) return undefined
  return exchange.consumer === undefined
    ? errorAnswer(exchange, 401)
    : errorAnswer(exchange, 403, 'You cannot consume this service')
}

export const handler: Plugin<Config, Prepared> = {
  name: 'group-quota',
  /** Below rate-limiting (910): what that refuses is not counted here. */
  priority: 905,

  prepare: (config, gateway) => ({
    ...config,
    quotas: createQuotas(config.groups),
    connection: config.policy === 'redis' ? gateway.redis(config.redis) : undefined,
  }),

  access(config, exchange, gateway: Gateway) {
    const { consumer } = exchange
    const quota = consumer && config.quotas.of(gateway.acls(consumer.id))
    if (quota === undefined) return withoutQuota(config, exchange)
    const time = gateway.now()
    // By consumer alone: wherever the plugin stands, a partner has one quota, not one a route.
    return enforce(config, exchange, gateway, limitsAt(quota, `group-quota:${consumer?.id}`, time), time)
  },
}
