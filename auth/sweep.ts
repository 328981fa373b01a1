import type { Knex } from 'knex'
import type { Log } from '../lib/log.ts'
import type { Part } from '../lib/service.ts'
import { deleteExpired } from './queries/expired.ts'

const INTERVAL_MS = 60 * 60 * 1_000

/** Removes, every hour, what has expired and would otherwise only grow. */
export function createSweep({ db, log }: { db: Knex; log: Log }): Part {
  const sweep = () => deleteExpired(db).catch((error) => log.warn('what has expired stays for now', { error }))
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<void> | undefined
  return {
    name: 'sweep',
    start: async () => {
      await sweep()
      timer = setInterval(() => {
        underWay = sweep()
      }, INTERVAL_MS)
    },
    stop: async () => {
      clearInterval(timer)
      await underWay
    },
  }
}
