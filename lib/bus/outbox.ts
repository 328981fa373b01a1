import type { Knex } from 'knex'
import { type EventDraft, type StampedEvent, stamp } from './event.ts'

/** An event as it waits in the table; the relay sends it in the order of `seq`. */
export interface OutboxRow {
  seq: string
  id: string
  topic: string
  key: string
  value: string
  time: Date
  traceparent: string | null
  request_id: string | null
}

export const outbox = {
  /**
   * States events with the change they tell of: both happen or neither. Change the aggregate first: its row lock then
   * gives the events of two transactions the order of their commits.
   */
  async add(trx: Knex.Transaction, drafts: EventDraft | EventDraft[]): Promise<void> {
    await addStamped(
      trx,
      [drafts].flat().map((draft) => stamp(draft)),
    )
  },

  /** How many events wait for the relay. */
  async depth(db: Knex): Promise<number> {
    const { rows } = await db.raw<{ rows: [{ depth: number }] }>('select count(*)::int as depth from outbox')
    return rows[0].depth
  },
}

export async function addStamped(trx: Knex.Transaction, events: StampedEvent[]): Promise<void> {
  if (events.length === 0) return
  await trx.raw(
    `insert into outbox (id, topic, key, value, time, traceparent, request_id)
     select id, type, key, value, time, traceparent, "requestId" from json_to_recordset(?)
       as (id uuid, type text, key text, value text, time timestamptz, traceparent text, "requestId" text)`,
    [JSON.stringify(events)],
  )
}
