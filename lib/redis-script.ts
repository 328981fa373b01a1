import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

export type RedisScript = (keys: string[], args: (string | number)[]) => Promise<unknown>

/** A file of Lua as a function, which Redis runs atomically. It is named by its digest, and sent whole only where Redis does not know it. */
export function redisScript(redis: Redis, file: URL): RedisScript {
  const lua = readFileSync(file, 'utf8')
  const digest = createHash('sha1').update(lua).digest('hex')
  return async (keys, args) => {
    try {
      return await redis.evalsha(digest, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(lua, keys.length, ...keys, ...args)
    }
  }
}
