import { randomUUID } from 'node:crypto'
import type { JSONSchemaType } from 'ajv'
import type { Knex } from 'knex'
import { until } from '../../dev/stack/until.ts'
import { type Consumer, createConsumer, type Handler } from '../../lib/bus/consumer.ts'
import { defineEvent, type EventKind } from '../../lib/bus/event.ts'
import { createKafka, ensureTopics, type Kafka } from '../../lib/bus/kafka.ts'
import type { RetryPolicy } from '../../lib/bus/parking.ts'
import { createPublisher, type Publisher } from '../../lib/bus/publisher.ts'
import { createRelay, type Relay } from '../../lib/bus/relay.ts'
import { createDb } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import { migrate } from '../../lib/migrate.ts'
import { type Stack, stack } from './stack.ts'

export interface Thing {
  id: string
  n: number
}

const schema: JSONSchemaType<Thing> = {
  type: 'object',
  properties: { id: { type: 'string' }, n: { type: 'integer' } },
  required: ['id', 'n'],
}

/** A kind of event, and so a topic, that no other test knows. */
export const newKind = (): EventKind<string, Thing> =>
  defineEvent<Thing>()({ type: `thing.${randomUUID()}`, key: ({ id }) => id, schema })

const FAST: RetryPolicy = { attempts: 3, firstDelayMs: 50, maxDelayMs: 200 }

/** One node of a service: the parts of the event kit on real servers. All that was started here is stopped by `close`. */
export interface BusNode {
  kafka: Kafka
  publisher: Publisher
  /** What it logged as a warning or an error. */
  warnings: string[]
  consume(handlers: Handler<undefined>[], group?: string): Promise<Consumer>
  consumeWithDb(handlers: Handler<Knex.Transaction>[], group?: string, db?: Knex): Promise<Consumer>
  relay(publisher?: Publisher): Promise<Relay>
  close(): Promise<void>
}

export interface TestDb {
  db: Knex
  url: string
}

/** A service's schema with inbox and outbox, and a table of what its handlers did. */
export async function newDb(postgres: Stack['postgres']): Promise<TestDb> {
  const url = await postgres.createDatabase()
  const db = createDb({ url, schema: 'things', log: silent })
  await migrate(db, 'things', ['lib/bus/migrations'])
  await db.raw('create table handled (seq serial, id text, n int)')
  return { db, url }
}

const nothing = () => undefined
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }

export async function busNode({ kinds, ...database }: { kinds: EventKind[] } & Partial<TestDb>): Promise<BusNode> {
  const { kafka: server } = await stack('kafka')
  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  const log: Log = { ...silent, warn, error: warn }
  const kafka = createKafka({ brokers: [server.url], clientId: 'test', log })
  await ensureTopics(kafka, kinds)
  const publisher = createPublisher({ kafka, source: '/test', log })
  await publisher.connect()
  const parts: { stop(): Promise<void> }[] = []

  async function started<Part extends { start(): Promise<void>; stop(): Promise<void> }>(part: Part): Promise<Part> {
    parts.push(part)
    // As a service does: Kafka's group coordinator may still be loading.
    await until(() => part.start().then(() => true), { within: 10_000, what: 'started' })
    return part
  }
  const common = (group: string) => ({ kafka, publisher, log, group, retry: FAST })

  return {
    kafka,
    publisher,
    warnings,
    consume: (handlers, group = randomUUID()) => started(createConsumer({ ...common(group), handlers })),
    consumeWithDb: (handlers, group = randomUUID(), db = database.db as Knex) =>
      started(createConsumer({ ...common(group), handlers, db })),
    relay: (through = publisher) =>
      started(createRelay({ db: database.db as Knex, url: database.url ?? '', publisher: through, log })),
    async close() {
      await Promise.all(parts.map((part) => part.stop()))
      await publisher.stop()
    },
  }
}
