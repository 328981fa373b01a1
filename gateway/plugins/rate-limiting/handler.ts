import type { Redis } from 'ioredis'
import { errorAnswer } from '../../error-answer.ts'
import type { Answer, Exchange } from '../../exchange.ts'
import { HeaderList } from '../../http1/header-list.ts'
import type { Gateway, Plugin, RedisSettings } from '../../plugin.ts'
import { toBytes } from '../../router/normalise.ts'
import { announce } from './announce.ts'
import { countInRedis, countLocally, type Limit, type Usage } from './counting.ts'
import { identify, type LimitBy } from './identifier.ts'
import { PERIODS, type Period, windowAt } from './windows.ts'

interface Config extends LimitBy, Record<Period, number | null> {
  policy: 'local' | 'redis'
  redis: RedisSettings
  fault_tolerant: boolean
  hide_client_headers: boolean
  error_code: number
  error_message: string
}

interface Prepared extends Config {
  declared: { period: Period; limit: number }[]
  /** The plugin's route and service: what tells its counters from those of other instances. */
  scope: string
  /** With the policy `redis`. */
  connection: Redis | undefined
}

const EVERYWHERE = '00000000-0000-0000-0000-000000000000'

function limitsOf({ declared, scope }: Prepared, identifier: string, time: number): Limit[] {
  return declared.map(({ period, limit }) => {
    const window = windowAt(period, time)
    return { period, limit, window, key: `ratelimit:${scope}:${identifier}:${window.start}:${period}` }
  })
}

function settle(config: Prepared, exchange: Exchange, limits: Limit[], usage: Usage, time: number): Answer | undefined {
  const refused = limits.some(({ limit }, at) => (usage[at] as number) >= limit)
  if (!config.hide_client_headers) {
    exchange.answerHeaders ??= new HeaderList()
    announce(exchange.answerHeaders, limits, usage, refused, time)
  }
  return refused ? errorAnswer(exchange, config.error_code, config.error_message) : undefined
}

async function limitInRedis(config: Prepared, exchange: Exchange, limits: Limit[], redis: Redis, time: number) {
  let usage: Usage
  try {
    usage = await countInRedis(redis, limits)
  } catch (error) {
    if (config.fault_tolerant) return undefined
    throw error
  }
  return settle(config, exchange, limits, usage, time)
}

export const handler: Plugin<Config, Prepared> = {
  name: 'rate-limiting',
  priority: 910,

  prepare: (config, gateway, { route, service }) => ({
    ...config,
    path: config.path && toBytes(config.path),
    declared: PERIODS.flatMap((period) => (config[period] === null ? [] : [{ period, limit: config[period] }])),
    scope: `${route?.id ?? EVERYWHERE}:${service?.id ?? EVERYWHERE}`,
    connection: config.policy === 'redis' ? gateway.redis(config.redis) : undefined,
  }),

  access(config, exchange, gateway: Gateway) {
    const time = gateway.now()
    const limits = limitsOf(config, identify(config, exchange), time)
    if (config.connection) return limitInRedis(config, exchange, limits, config.connection, time)
    return settle(config, exchange, limits, countLocally(gateway.counters, limits, time), time)
  },
}
