import type { Knex } from 'knex'
import type { Log } from '../log.ts'
import type { Event } from './event.ts'

/** Longer than Kafka keeps messages (a week unless configured otherwise): what is still there to come again is known here. */
const KEEP_DAYS = 14
const PRUNE_ROWS = 10_000
const PRUNE_EVERY_MS = 3_600_000

/**
 * Records that `consumer` handles these events in this transaction and gives back those it has not handled before.
 * Where another node has the same event in hand this waits for its verdict: the primary key decides.
 */
export async function admit(trx: Knex.Transaction, consumer: string, events: Event[]): Promise<Event[]> {
  const ids = events.map(({ id }) => id).sort() // one order everywhere, or two nodes could wait for each other
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `insert into inbox (id, consumer) select unnest(?::uuid[]), ? on conflict do nothing returning id`,
    [ids, consumer],
  )
  const admitted = new Set(rows.map(({ id }) => id))
  return events.filter(({ id }) => admitted.delete(id))
}

/** Forgets old ids now and every hour from then on; gives back how to end that. */
export function startPruning(db: Knex, log: Log): () => void {
  const work = () => prune(db).catch((error) => log.warn('old ids stay in the inbox', { error }))
  const timer = setInterval(work, PRUNE_EVERY_MS)
  void work()
  return () => clearInterval(timer)
}

/** In steps that hold no lock for long. */
export async function prune(db: Knex): Promise<void> {
  let deleted = PRUNE_ROWS
  while (deleted === PRUNE_ROWS) {
    const { rowCount } = await db.raw<{ rowCount: number }>(
      `delete from inbox where ctid = any(array(
         select ctid from inbox where handled_at < now() - make_interval(days => ?) limit ?))`,
      [KEEP_DAYS, PRUNE_ROWS],
    )
    deleted = rowCount
  }
}
