import type { Knex } from 'knex'
import type { Log } from '../log.ts'
import { createDelivery } from './delivery.ts'
import { atLeastOnce, type Handler, inTransaction } from './handler.ts'
import { startPruning } from './inbox.ts'
import { ensureTopics, type Kafka, retryTopic } from './kafka.ts'
import { DEFAULT_RETRY, type RetryPolicy } from './parking.ts'
import type { Publisher } from './publisher.ts'
import { createReader } from './reader.ts'

export { type Handler, on, onEach } from './handler.ts'

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

/**
 * Delivers every event of the subscribed kinds at least once, and with a database exactly once in effect. What fails is
 * tried again by way of the retry topic, which has a reader of its own so that it never delays the rest.
 */
export function createConsumer(options: Transactional | Plain): Consumer {
  const { kafka, group, publisher, log, batchSize = 500, retry = DEFAULT_RETRY } = options
  const subscriptions = options.db
    ? options.handlers.map((handler) => ({ kind: handler.kind, handle: inTransaction(handler, options) }))
    : options.handlers.map((handler) => ({ kind: handler.kind, handle: atLeastOnce(handler, publisher) }))
  const kinds = subscriptions.map(({ kind }) => kind)
  const types = kinds.map(({ type }) => type)
  const routes = new Map(
    subscriptions.flatMap(({ kind, handle }) => {
      const deliver = createDelivery({ kind, handle, group, publisher, retry, log })
      return [kind.type, retryTopic(kind.type)].map((topic) => [topic, deliver] as const)
    }),
  )
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
      for (const each of readers) await each.start()
      if (options.db) endPruning ??= startPruning(options.db, log)
    },
    async stop() {
      endPruning?.()
      await Promise.all(readers.map((each) => each.stop()))
    },
    ready: () => readers.every((each) => each.joined()),
    lag: () => readers.reduce((sum, each) => sum + each.lag(), 0),
  }
}
