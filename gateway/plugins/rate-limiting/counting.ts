import type { Redis } from 'ioredis'
import type { Counters } from '../../plugin.ts'
import type { Period, Window } from './windows.ts'

/** One limit as it stands for one request. */
export interface Limit {
  period: Period
  limit: number
  window: Window
  key: string
}

/** How often each limit had been used before this request, in their order. The request itself is counted unless one is used up. */
export type Usage = number[]

/**
 * Counts before the request goes on, so that no burst overshoots a limit. What is counted beyond a limit is taken
 * back: a refused request uses up none of the other windows.
 */
export function countLocally(counters: Counters, limits: readonly Limit[], time: number): Usage {
  const usage: Usage = []
  let exceeded = false
  for (const { key, limit, window } of limits) {
    const used = exceeded ? counters.get(key) : counters.increment(key, 1, window.end - time) - 1
    usage.push(used)
    if (exceeded || used < limit) continue
    exceeded = true
    for (const counted of limits.slice(0, usage.length)) counters.increment(counted.key, -1, counted.window.end - time)
  }
  return usage
}

/** KEYS: the windows' counters; ARGV: for each its limit and when it ends (milliseconds since the epoch). */
const COUNT = `
local usage, exceeded = {}, false
for i, key in ipairs(KEYS) do
  usage[i] = tonumber(redis.call('GET', key) or 0)
  exceeded = exceeded or usage[i] >= tonumber(ARGV[2 * i - 1])
end
if not exceeded then
  for i, key in ipairs(KEYS) do
    redis.call('INCR', key)
    redis.call('PEXPIREAT', key, ARGV[2 * i])
  end
end
return usage`

export async function countInRedis(redis: Redis, limits: readonly Limit[]): Promise<Usage> {
  const keys = limits.map(({ key }) => key)
  const bounds = limits.flatMap(({ limit, window }) => [limit, window.end])
  return (await redis.eval(COUNT, keys.length, ...keys, ...bounds)) as Usage
}
