import type { Redis } from 'ioredis'
import type { Knex } from 'knex'
import type { Log } from '../lib/log.ts'
import type { Part } from '../lib/service.ts'
import { markAllUntold, markTold, untold } from './queries/revocations.ts'

export interface Revocations extends Part {
  /** Tells at once what can be told at once; the rest follows by itself. */
  tell(): Promise<void>
}

const INTERVAL_MS = 500

/**
 * Tells the gateway, through Redis, which sessions have ended. What Redis does not have yet stays in Postgres, and all
 * that still matters is told again whenever Redis comes back.
 */
export function createRevocations({ db, redis, log }: { db: Knex; redis: Redis; log: Log }): Revocations {
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<void> = Promise.resolve()
  let redisIsNew = false
  let stopped = false
  redis.on('ready', () => {
    redisIsNew = true
  })

  async function tellAll(): Promise<void> {
    if (redisIsNew) {
      redisIsNew = false
      await markAllUntold(db)
    }
    for (let batch = await untold(db); batch.length > 0; batch = await untold(db)) {
      const writes = redis.pipeline()
      for (const { session_id, seconds } of batch) writes.set(`revoked:${session_id}`, '1', 'EX', seconds)
      const failed = (await writes.exec())?.find(([error]) => error)?.[0]
      if (failed) throw failed
      const told = batch.map(({ session_id }) => session_id)
      await markTold(db, told)
    }
  }

  const tell = (): Promise<void> => {
    underWay = underWay
      .then(tellAll)
      .catch((error) => log.debug('ended sessions wait until Redis and Postgres answer', { error }))
    return underWay
  }

  async function again(): Promise<void> {
    await tell()
    if (!stopped) timer = setTimeout(again, INTERVAL_MS)
  }

  return {
    name: 'revocations',
    tell,
    start: again,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await underWay
    },
  }
}
