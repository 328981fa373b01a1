import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Platform } from '../test/support/platform.ts'

const WATCH_EVERY_MS = 5
/** Transactions that began earlier may commit later. */
const WATCH_OVERLAP_MS = 500

/** Notes when each new row was first seen by another connection: at most one poll later than its commit. */
export function watchRows(jade: Platform) {
  const seen = new Map<string, number>()
  const client = new pg.Client({ connectionString: jade.databaseUrl })
  let watching = true
  const sql = `select id, created_at from users.users where created_at > $1 and status <> 'deleted'`
  const watch = async () => {
    await client.connect()
    let since = new Date()
    while (watching) {
      const { rows } = await client.query(sql, [new Date(since.getTime() - WATCH_OVERLAP_MS)])
      const now = Date.now()
      for (const { id, created_at } of rows) {
        if (!seen.has(id)) seen.set(id, now)
        if (created_at > since) since = created_at
      }
      await delay(WATCH_EVERY_MS)
    }
    await client.end()
  }
  const watched = watch()
  return {
    async stop() {
      watching = false
      await watched
      return seen
    },
  }
}
