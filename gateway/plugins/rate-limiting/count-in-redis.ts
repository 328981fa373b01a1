import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { pauseOf } from '../redis-pause.ts'
import type { Limit, Usage } from './counting.ts'

/** Requests of one turn of the event loop that count against the same limits: one question to Redis. */
interface Batch {
  limits: readonly Limit[]
  requests: PromiseWithResolvers<Usage>[]
}

const gathering = new WeakMap<Redis, Map<string, Batch>>()

/** The one script, which Kong's form of group-quota runs too. */
const COUNT = readFileSync(new URL('../../kong/plugins/group-quota/count.lua', import.meta.url), 'utf8')
const COUNT_DIGEST = createHash('sha1').update(COUNT).digest('hex')

/** Counts one request, unless one of its limits is used up; gives how often each had been used before it. Rejects while Redis is away. */
export function countInRedis(redis: Redis, limits: readonly Limit[], now: () => number): Promise<Usage> {
  if (!pauseOf(redis).admits(now())) return Promise.reject(new Error('Redis is away'))
  let batches = gathering.get(redis)
  if (batches === undefined) {
    batches = new Map()
    gathering.set(redis, batches)
    setImmediate(send, redis, now)
  }
  const name = limits.map(({ key, limit }) => `${key}:${limit}`).join()
  let batch = batches.get(name)
  if (batch === undefined) {
    batch = { limits, requests: [] }
    batches.set(name, batch)
  }
  const request = Promise.withResolvers<Usage>()
  batch.requests.push(request)
  return request.promise
}

async function send(redis: Redis, now: () => number): Promise<void> {
  const batches = [...(gathering.get(redis)?.values() ?? [])]
  gathering.delete(redis)
  const pipeline = redis.pipeline()
  for (const batch of batches) pipeline.evalsha(COUNT_DIGEST, ...argumentsOf(batch))
  const answers = await pipeline.exec().catch((error: Error) => batches.map(() => [error, undefined] as const))
  if (answers?.some(([error]) => error === null || isReply(error))) pauseOf(redis).answered()
  else pauseOf(redis).failed(now())
  for (const [at, batch] of batches.entries()) {
    const [error, usage] = answers?.[at] ?? [new Error('no answer'), undefined]
    if (error?.message.startsWith('NOSCRIPT'))
      redis.eval(COUNT, ...argumentsOf(batch)).then(share(batch), refuse(batch))
    else if (error) refuse(batch)(error)
    else share(batch)(usage)
  }
}

/** Redis has refused the command, and so it is there. */
const isReply = (error: Error) => error.name === 'ReplyError'

function argumentsOf({ limits, requests }: Batch): [number, ...(string | number)[]] {
  const bounds = limits.flatMap(({ limit, window }) => [limit, window.end])
  return [limits.length, ...limits.map(({ key }) => key), ...bounds, requests.length]
}

/** Each request hears what it would have heard had they come one after the other. */
const share =
  ({ limits, requests }: Batch) =>
  (answer: unknown) => {
    const before = answer as Usage
    const counted = Math.max(0, Math.min(...limits.map(({ limit }, at) => Math.ceil(limit - (before[at] as number)))))
    for (const [at, { resolve }] of requests.entries()) resolve(before.map((used) => used + Math.min(at, counted)))
  }

const refuse =
  ({ requests }: Batch) =>
  (error: unknown) => {
    for (const { reject } of requests) reject(error)
  }
