import type { KafkaMessage } from 'kafkajs'
import type { Knex } from 'knex'
import type { Log } from '../log.ts'
import { withTrace } from '../trace.ts'
import { isUnavailable } from '../unavailable.ts'
import { decode, encode, Poison } from './cloud-events.ts'
import { type Event, type EventDraft, type EventKind, type StampedEvent, stamp } from './event.ts'
import { admit } from './inbox.ts'
import { addStamped } from './outbox.ts'
import { isFor, park, type RetryPolicy } from './parking.ts'
import type { Publisher } from './publisher.ts'

/** Handles a batch of events of one kind and returns the events that this causes. */
export type Handle<Data, Trx> = (events: Event<Data>[], trx: Trx) => Promise<EventDraft[]>

/** A kind of event and who handles it. `Trx` is what the handler needs: a transaction, or nothing. */
export interface Handler<Trx = unknown> {
  kind: EventKind
  handle: Handle<unknown, Trx>
}

/** What is delivered: some messages of one topic, and a way to wait that fails when the wait has become pointless. */
export interface Delivery {
  topic: string
  messages: KafkaMessage[]
  wait(ms: number): Promise<void>
}

interface Options {
  handler: Handler<Knex.Transaction> | Handler<undefined>
  group: string
  db: Knex | undefined
  publisher: Publisher
  retry: RetryPolicy
  log: Log
}

interface Received {
  message: KafkaMessage
  event: Event
}

const MAX_BACKOFF_MS = 5_000

/**
 * Handles or parks every message of a delivery before it resolves: only then may its offset be committed. It rejects
 * when `wait` does; the messages then come again.
 */
export function createDelivery({ handler, group, db, publisher, retry, log }: Options) {
  return async function deliver({ topic, messages, wait }: Delivery): Promise<void> {
    const received: Received[] = []
    for (const message of messages) {
      if (!isFor(message, group)) continue
      try {
        received.push({ message, event: decode(message, handler.kind) })
      } catch (error) {
        await parkOne(message, error instanceof Poison ? error : new Poison('unreadable', { cause: error }))
      }
    }
    if (received.length > 0) await handleAll(received)

    /** A batch that fails is halved until the events that fail stand alone. */
    async function handleAll(batch: Received[]): Promise<void> {
      const failure = await persevere(() => attempt(batch.map(({ event }) => event)))
      if (!failure) return
      const [first] = batch
      if (batch.length === 1 && first) return await parkOne(first.message, failure.error, first.event)
      const middle = batch.length >> 1
      await handleAll(batch.slice(0, middle))
      await handleAll(batch.slice(middle))
    }

    async function parkOne(message: KafkaMessage, error: unknown, event?: Event): Promise<void> {
      const letter = park({ topic, message, error }, { group, retry })
      await persevere(() => publisher.send([letter]))
      const { offset } = message
      log.warn('event parked', { topic, offset, id: event?.id, parkedIn: letter.topic, error })
    }

    /** While Postgres, Redis or Kafka is away it is nobody's fault: tries again until it works. */
    async function persevere<T>(work: () => Promise<T>): Promise<T> {
      for (let failures = 0; ; failures++) {
        try {
          return await work()
        } catch (error) {
          if (!isUnavailable(error)) throw error
          if (failures === 0) log.warn('waiting: what handling events needs is away', { topic, group, error })
          await wait(Math.min(100 * 2 ** failures, MAX_BACKOFF_MS))
        }
      }
    }
  }

  /** Tells a failure of the events from one of the surroundings, which it throws. */
  async function attempt(events: Event[]): Promise<{ error: unknown } | undefined> {
    const [only] = events
    const trace = events.length === 1 && only ? only : { traceparent: undefined, requestId: undefined }
    try {
      await withTrace(trace, () => handle(events))
      return undefined
    } catch (error) {
      if (isUnavailable(error)) throw error
      return { error }
    }
  }

  async function handle(events: Event[]): Promise<void> {
    if (!db) {
      const drafts = await (handler as Handler<undefined>).handle(events, undefined)
      return await publisher.send(stampCaused(drafts, events).map((event) => encode(event, publisher.source)))
    }
    await db.transaction(async (trx) => {
      const admitted = await admit(trx, group, events)
      if (admitted.length === 0) return
      const drafts = await (handler as Handler<Knex.Transaction>).handle(admitted, trx)
      await addStamped(trx, stampCaused(drafts, admitted))
    })
  }
}

/** A caused event goes on in the trace of the event that is about the same aggregate. */
function stampCaused(drafts: EventDraft[], causes: Event[]): StampedEvent[] {
  const byKey = new Map(causes.map((event) => [event.key, event]))
  return drafts.map((draft) => {
    const cause = byKey.get(draft.kind.key(draft.data))
    return stamp(draft, cause?.traceparent ? { ...cause, traceparent: cause.traceparent } : undefined)
  })
}
