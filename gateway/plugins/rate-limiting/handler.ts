import type { Plugin, RedisSettings } from '../../plugin.ts'
import { toBytes } from '../../router/normalise.ts'
import { limitsAt } from './counting.ts'
import { type Enforcement, enforce } from './enforce.ts'
import { identify, type LimitBy } from './identifier.ts'
import { type DeclaredLimit, declaredLimits, type PeriodLimits } from './windows.ts'

interface Config extends LimitBy, PeriodLimits, Omit<Enforcement, 'connection'> {
  policy: 'local' | 'redis'
  redis: RedisSettings
}

interface Prepared extends Config, Enforcement {
  declared: DeclaredLimit[]
  /** The plugin's route and service: what tells its counters from those of other instances. */
  scope: string
}

const EVERYWHERE = '00000000-0000-0000-0000-000000000000'

export const handler: Plugin<Config, Prepared> = {
  name: 'rate-limiting',
  priority: 910,

  prepare: (config, gateway, { route, service }) => ({
    ...config,
    path: config.path && toBytes(config.path),
    declared: declaredLimits(config),
    scope: `${route?.id ?? EVERYWHERE}:${service?.id ?? EVERYWHERE}`,
    connection: config.policy === 'redis' ? gateway.redis(config.redis) : undefined,
  }),

  access(config, exchange, gateway) {
    const time = gateway.now()
    const counter = `ratelimit:${config.scope}:${identify(config, exchange)}`
    return enforce(config, exchange, gateway, limitsAt(config.declared, counter, time), time)
  },
}
