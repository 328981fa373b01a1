import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Context, Middleware } from 'koa'
import { HttpError } from '../errors.ts'
import type { Log } from '../log.ts'

/** Seconds that an unfinished request holds its key: longer than any request takes, short enough after a crash. */
const PENDING_SECONDS = 60
const ANSWER_SECONDS = 24 * 60 * 60

interface Stored {
  hash: string
  answer?: { status: number; location: string; body: unknown }
}

/**
 * `Idempotency-Key` on a POST that creates: the same key and body gives the first answer again for 24 hours, another body
 * is a 422. Only successes are kept; a failed try may be repeated. While Redis is away requests run without this net,
 * and unique constraints catch the doubles.
 */
export function idempotent({ redis, service, log }: { redis: Redis; service: string; log: Log }): Middleware {
  return async function idempotency(ctx, next) {
    const given = ctx.get('idempotency-key')
    if (given === '') return next()
    if (!/^[\x21-\x7e]{1,255}$/.test(given)) {
      throw new HttpError(400, 'INVALID_IDEMPOTENCY_KEY', 'Idempotency-Key takes 1 to 255 visible ASCII characters')
    }
    const key = `${service}:idempotency:${sha256([ctx.method, ctx.path, clientOf(ctx), given].join('\n'))}`
    // With the client's key, which is not stored either: a body may hold a password, and alone it could be guessed from its hash.
    const hash = sha256(`${given}\n${ctx.request.rawBody ?? ''}`)
    const previous = await reserve(key, hash).catch((error) => {
      log.warn('no idempotency while Redis is away', { error })
      return 'away' as const
    })
    if (previous === 'away') return next()
    if (previous) return replay(ctx, previous, hash)
    try {
      await next()
    } catch (error) {
      await redis.del(key).catch(() => undefined) // else it expires
      throw error
    }
    const location = ctx.response.get('Location')
    const stored = { hash, answer: { status: ctx.status, location, body: ctx.body } } satisfies Stored
    await redis.set(key, JSON.stringify(stored), 'EX', ANSWER_SECONDS).catch(() => undefined) // the work is done; a repeat meets the unique constraints
  }

  /** Takes the key for this request; gives back what is stored where it was taken before. */
  async function reserve(key: string, hash: string): Promise<Stored | undefined> {
    const mine = { hash } satisfies Stored
    const taken = await redis.set(key, JSON.stringify(mine), 'EX', PENDING_SECONDS, 'NX')
    if (taken) return undefined
    const previous = await redis.get(key) // NX and GET in one command are for Redis 7 only
    return previous === null ? mine : (JSON.parse(previous) as Stored) // gone in between: to be tried again
  }
}

function replay(ctx: Context, { hash, answer }: Stored, wanted: string): void {
  if (hash !== wanted) {
    throw new HttpError(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with a different body')
  }
  if (!answer) {
    throw new HttpError(409, 'IN_PROGRESS', 'A request with this Idempotency-Key is still running', {
      headers: { 'Retry-After': '1' },
    })
  }
  ctx.set('Idempotent-Replayed', 'true')
  if (answer.location) ctx.set('Location', answer.location)
  ctx.status = answer.status
  ctx.body = answer.body
}

/** Keys of different clients do not meet: a user, a partner, or the public by address. */
const clientOf = (ctx: Context): string =>
  ctx.get('x-user-id') || ctx.get('x-consumer-id') || ctx.get('x-real-ip') || ctx.ip

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
