import type { Knex } from 'knex'
import type { Log } from '../log.ts'
import { createDelivery, type Handle, type Handler } from './delivery.ts'
import type { Event, EventKind } from './event.ts'
import { startPruning } from './inbox.ts'
import { ensureTopics, type Kafka, retryTopic } from './kafka.ts'
import { DEFAULT_RETRY, type RetryPolicy } from './parking.ts'
import type { Publisher } from './publisher.ts'
import { createReader } from './reader.ts'

export type { Handler }

export interface Consumer {
  /** Makes sure of its topics and joins its groups. Rejects with Unavailable while Kafka is away. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Whether it is a member of its groups. */
  ready(): boolean
  /** How many messages are yet to be handled. */
  lag(): number
}

interface Common {
  kafka: Kafka
  /** The consumer group; all nodes of a service share one. */
  group: string
  publisher: Publisher
  log: Log
  /** The most events that a handler gets at once. */
  batchSize?: number
  retry?: RetryPolicy
}

/** With a database: one transaction holds the inbox rows, what the handler does, and the events it returns. */
interface Transactional extends Common {
  db: Knex
  handlers: Handler<Knex.Transaction>[]
}

/** Without one: events can come again, so handlers are idempotent; what they return is published before the commit. */
interface Plain extends Common {
  db?: undefined
  handlers: Handler<undefined>[]
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

/**
 * Delivers every event of the subscribed kinds at least once, and with a database exactly once in effect. What fails is
 * tried again by way of the retry topic, which has a reader of its own so that it never delays the rest.
 */
export function createConsumer(options: Transactional | Plain): Consumer {
  const { kafka, group, publisher, log, db, handlers, batchSize = 500, retry = DEFAULT_RETRY } = options
  const routes = new Map(
    handlers.flatMap((handler) => {
      const deliver = createDelivery({ handler, group, db, publisher, retry, log })
      const { type } = handler.kind
      return [[type, deliver] as const, [retryTopic(type), deliver] as const]
    }),
  )
  const kinds = handlers.map(({ kind }) => kind)
  const types = kinds.map(({ type }) => type)
  const reader = (name: string, topics: string[]) =>
    createReader({
      kafka,
      group: name,
      topics,
      batchSize,
      log,
      deliver: async (delivery) => routes.get(delivery.topic)?.(delivery),
    })
  const readers = [reader(group, types), reader(`${group}.retry`, types.map(retryTopic))]
  let endPruning: (() => void) | undefined

  return {
    async start() {
      await ensureTopics(kafka, kinds)
      await Promise.all(readers.map((each) => each.start()))
      if (db) endPruning ??= startPruning(db, log)
    },
    async stop() {
      endPruning?.()
      await Promise.all(readers.map((each) => each.stop()))
    },
    ready: () => readers.every((each) => each.joined()),
    lag: () => readers.reduce((sum, each) => sum + each.lag(), 0),
  }
}
