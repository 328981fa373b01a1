import type { KafkaMessage } from 'kafkajs'
import type { Log } from '../log.ts'
import { withTrace } from '../trace.ts'
import { isUnavailable } from '../unavailable.ts'
import { decode, header, Poison } from './cloud-events.ts'
import type { Event, EventKind } from './event.ts'
import { isFor, park, type RetryPolicy } from './parking.ts'
import type { Publisher } from './publisher.ts'

/** What is delivered: some messages of one topic, and a way to wait that fails when the wait has become pointless. */
export interface Delivery {
  topic: string
  messages: KafkaMessage[]
  wait(ms: number): Promise<void>
}

interface Options {
  kind: EventKind
  /** Handles these events, all or none. */
  handle(events: Event[]): Promise<void>
  group: string
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
export function createDelivery({ kind, handle, group, publisher, retry, log }: Options) {
  return async function deliver({ topic, messages, wait }: Delivery): Promise<void> {
    const received: Received[] = []
    for (const message of messages) {
      if (!isFor(message, group)) continue
      try {
        received.push({ message, event: decode(message, kind) })
      } catch (error) {
        await parkOne(message, error instanceof Poison ? error : new Poison('unreadable', { cause: error }))
      }
    }
    if (received.length > 0) await handleAll(received)

    /** A batch that fails is halved until the events that fail stand alone. */
    async function handleAll(batch: Received[]): Promise<void> {
      const failure = await persevere(() => attempt(batch))
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
      const account = { topic, offset, id: event?.id, parkedIn: letter.topic, error }
      withTrace(traceOf(message), () => log.warn('event parked', account))
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
  async function attempt(batch: Received[]): Promise<{ error: unknown } | undefined> {
    const events = batch.map(({ event }) => event)
    const [first] = batch
    try {
      await withTrace(first && batch.length === 1 ? traceOf(first.message) : NEW_TRACE, () => handle(events))
      return undefined
    } catch (error) {
      if (isUnavailable(error)) throw error
      return { error }
    }
  }
}

const NEW_TRACE = { traceparent: undefined, requestId: undefined }

const traceOf = (message: KafkaMessage) => ({
  traceparent: header(message, 'traceparent'),
  requestId: header(message, 'x-request-id'),
})
