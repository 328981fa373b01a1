import type { Knex } from 'knex'
import { withTrace } from '../trace.ts'
import { encode } from './cloud-events.ts'
import { type Event, type EventDraft, type EventKind, type StampedEvent, stamp } from './event.ts'
import { admit } from './inbox.ts'
import { addStamped } from './outbox.ts'
import type { Publisher } from './publisher.ts'

/** Handles a batch of events of one kind and returns the events that this causes. */
export type Handle<Data, Trx> = (events: Event<Data>[], trx: Trx) => Promise<EventDraft[]>

/** A kind of event and who handles it. `Trx` is what the handler needs: a transaction, or nothing. */
export interface Handler<Trx = unknown> {
  kind: EventKind
  handle: Handle<unknown, Trx>
}

/** Subscribes a handler to a kind of event. */
export const on = <Data, Trx = unknown>(kind: EventKind<string, Data>, handle: Handle<Data, Trx>): Handler<Trx> => ({
  kind: kind as EventKind,
  handle: handle as Handle<unknown, Trx>,
})

/** As `on`, without a database: handles each event by itself, all of a batch at the same time. */
export const onEach = <Data>(
  kind: EventKind<string, Data>,
  handle: (event: Event<Data>) => Promise<unknown>,
): Handler<undefined> =>
  on(kind, async (events) => {
    await Promise.all(events.map(handle))
    return []
  })

/** One transaction holds the inbox rows, what the handler does and the events it returns: exactly once in effect. */
export const inTransaction =
  ({ handle }: Handler<Knex.Transaction>, { db, group }: { db: Knex; group: string }) =>
  (events: Event[]): Promise<void> =>
    db.transaction(async (trx) => {
      const admitted = await admit(trx, group, events)
      if (admitted.length > 0) await addStamped(trx, stampCaused(await handle(admitted, trx), admitted))
    })

/** Events can come again, so the handler is idempotent; what it returns is in Kafka before the offset is committed. */
export const atLeastOnce =
  ({ handle }: Handler<undefined>, publisher: Publisher) =>
  async (events: Event[]): Promise<void> => {
    const caused = stampCaused(await handle(events, undefined), events)
    await publisher.send(caused.map((event) => encode(event, publisher.source)))
  }

/** A caused event goes on in the trace of the event that is about the same aggregate. */
function stampCaused(drafts: EventDraft[], causes: Event[]): StampedEvent[] {
  const byKey = new Map(causes.map((event) => [event.key, event]))
  return drafts.map((draft) => {
    const cause = byKey.get(draft.kind.key(draft.data))
    return cause ? withTrace(cause, () => stamp(draft)) : stamp(draft)
  })
}
