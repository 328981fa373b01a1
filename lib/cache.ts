import { Redis } from 'ioredis'
import type { Log } from './log.ts'

/** A Redis client whose commands fail at once while Redis is away, so that callers can do without; it reconnects for ever. */
export function createRedis({ url, log }: { url: string; log: Log }): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    commandTimeout: 2_000, // wall clock: a busy event loop must not pass for an absent Redis
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  })
  let away = false
  redis.on('error', (error) => {
    if (!away) log.warn('Redis is away', { error })
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
  return redis
}

export const redisReady = async (redis: Redis): Promise<void> => {
  await redis.ping()
}

/** Waits for the answers that are still due, then ends the connection for good. */
export async function closeRedis(redis: Redis): Promise<void> {
  await redis.quit().catch(() => redis.disconnect())
}
