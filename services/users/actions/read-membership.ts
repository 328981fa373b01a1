import type { Redis } from 'ioredis'
import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import type { Log } from '../../../lib/log.ts'
import { findUser } from '../queries.ts'
import { userIDIn, userNotFound } from '../user.ts'

interface Options {
  db: Knex
  redis: Redis
  log: Log
}

/** For partners: nothing personal. From the read model that cache-updater keeps in Redis; what is not there, Postgres knows. */
export function readMembership({ db, redis, log }: Options): Middleware {
  const cached = (userID: string) =>
    redis.hget(`user:${userID}`, 'status').catch((error) => {
      log.debug('membership is read from Postgres while Redis is away', { error })
      return null
    })
  return async (ctx) => {
    const userID = userIDIn(ctx)
    const status = (await cached(userID)) ?? (await findUser(db, userID))?.status
    if (!status || status === 'deleted') throw userNotFound()
    ctx.body = { status: 'success', data: { userID, status } }
  }
}
