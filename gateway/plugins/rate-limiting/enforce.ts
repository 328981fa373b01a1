import type { Redis } from 'ioredis'
import { errorAnswer } from '../../error-answer.ts'
import type { Answer, Exchange } from '../../exchange.ts'
import { HeaderList } from '../../http1/header-list.ts'
import type { Gateway } from '../../plugin.ts'
import { announce } from './announce.ts'
import { countInRedis } from './count-in-redis.ts'
import { countLocally, type Limit, type Usage } from './counting.ts'

/** Where requests are counted, and how the client learns of it. */
export interface Enforcement {
  /** Undefined: the node's own counters. */
  connection: Redis | undefined
  /** Whether requests pass while Redis is away. */
  fault_tolerant: boolean
  hide_client_headers: boolean
  error_code: number
  error_message: string
}

/** Counts the request, tells the client of its limits, and refuses it where one of them is used up. */
export function enforce(
  config: Enforcement,
  exchange: Exchange,
  { counters, now }: Gateway,
  limits: readonly Limit[],
  time: number,
): Answer | undefined | Promise<Answer | undefined> {
  if (config.connection)
    return enforceInRedis(config, exchange, limits, countInRedis(config.connection, limits, now), time)
  return settle(config, exchange, limits, countLocally(counters, limits, time), time)
}

async function enforceInRedis(
  config: Enforcement,
  exchange: Exchange,
  limits: readonly Limit[],
  counting: Promise<Usage>,
  time: number,
): Promise<Answer | undefined> {
  let usage: Usage
  try {
    usage = await counting
  } catch (error) {
    if (config.fault_tolerant) return undefined
    throw error
  }
  return settle(config, exchange, limits, usage, time)
}

function settle(
  { hide_client_headers, error_code, error_message }: Enforcement,
  exchange: Exchange,
  limits: readonly Limit[],
  usage: Usage,
  time: number,
): Answer | undefined {
  const refused = limits.some(({ limit }, at) => (usage[at] as number) >= limit)
  if (!hide_client_headers) {
    exchange.answerHeaders ??= new HeaderList()
    announce(exchange.answerHeaders, limits, usage, refused, time)
  }
  return refused ? errorAnswer(exchange, error_code, error_message) : undefined
}
