import type { Knex } from 'knex'
import type { Log } from '../lib/log.ts'
import type { Part } from '../lib/service.ts'
import type { KeyRing } from './key-ring.ts'
import { deleteExpired } from './queries/expired.ts'
import { resealSecrets } from './reseal-secrets.ts'

const INTERVAL_MS = 60 * 60 * 1_000

/** At the start and every hour: removes what has expired and would otherwise only grow, and seals under the current key what an old one sealed. */
export function createSweep({ db, keys, log }: { db: Knex; keys: KeyRing; log: Log }): Part {
  const sweep = async () => {
    await deleteExpired(db).catch((error) => log.warn('what has expired stays for now', { error }))
    await resealSecrets({ db, keys }).catch((error) => log.warn('an old key is still needed', { error }))
  }
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
