import { connect, type Socket } from 'node:net'
import { type Admin, type ISocketFactory, Kafka as KafkaJS, type LogEntry, logLevel } from 'kafkajs'
import { Unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { EventKind } from './event.ts'
import './kafkajs-timers.ts'

interface Options {
  brokers: readonly string[]
  clientId: string
  log: Log
}

const CONNECTION_TIMEOUT_MS = 1_000
const REQUEST_TIMEOUT_MS = 10_000
/** For a client's first connection, with a few attempts in it. */
export const CONNECT_LIMIT_MS = 2_000
/** Larger than a message can be elsewhere, so that whatever was consumed can be parked with the reason added. */
const PARKED_BYTES = 4 * 1024 * 1024

/** kafkajs' client on sockets of its own. */
export class Kafka extends KafkaJS {
  readonly #options: Options
  readonly #sockets: Sockets

  constructor(options: Options) {
    const sockets = new Sockets()
    super({
      brokers: [...options.brokers],
      clientId: options.clientId,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
      socketFactory: sockets.open,
      logLevel: logLevel.INFO,
      logCreator: () => toLog(options.log),
    })
    this.#options = options
    this.#sockets = sockets
  }

  /** Another client with the same options. It shares nothing: kafkajs keeps group offsets per client. */
  fork(): Kafka {
    return new Kafka(this.#options)
  }

  /** Ends all connections at once and for good: what kafkajs has not written by now never leaves this process. */
  cut(): void {
    this.#sockets.cut()
  }
}

export const createKafka = (options: Options): Kafka => new Kafka(options)

class Sockets {
  readonly #all = new Set<Socket>()
  #cut = false

  readonly open: ISocketFactory = ({ host, port, onConnect }) => {
    if (this.#cut) throw new Error('this client has been cut')
    const socket = connect({ host, port, noDelay: true, keepAlive: true }, onConnect)
    this.#all.add(socket)
    return socket.once('close', () => this.#all.delete(socket))
  }

  cut(): void {
    this.#cut = true
    for (const socket of this.#all) socket.destroy(new Error('this client has been cut'))
  }
}

/** All of it is debug: what fails for good reaches a caller of kafkajs, who says it once and in our words. */
const toLog =
  (log: Log) =>
  ({ namespace, log: { message, timestamp: _, logger: __, stack: ___, ...details } }: LogEntry) =>
    log.debug(`kafkajs ${namespace}: ${message}`, details)

export const retryTopic = (topic: string): string => `${topic}.retry`
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`

/** Creates the missing ones of each kind's topic and of its `.retry` and `.dlq`. Rejects with Unavailable while Kafka is away. */
export async function ensureTopics(kafka: Kafka, kinds: Pick<EventKind, 'type'>[], partitions = 3): Promise<void> {
  const parked = [{ name: 'max.message.bytes', value: String(PARKED_BYTES) }]
  const wanted = kinds.flatMap(({ type }) => [
    { topic: type, numPartitions: partitions },
    { topic: retryTopic(type), numPartitions: partitions, configEntries: parked },
    // A dead letter waits for a person, however long.
    {
      topic: deadLetterTopic(type),
      numPartitions: 1,
      configEntries: [...parked, { name: 'retention.ms', value: '-1' }],
    },
  ])
  await withAdmin(kafka, async (admin) => {
    const present = new Set(await admin.listTopics())
    const topics = wanted.filter(({ topic }) => !present.has(topic))
    if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true })
  })
}

/** Resolves when Kafka answers, for `/ready`. */
export const kafkaReady = (kafka: Kafka): Promise<void> =>
  withAdmin(kafka, async (admin) => {
    await admin.describeCluster()
  })

/** Lends a connected admin client. Rejects with Unavailable where Kafka cannot be reached. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const client = kafka.fork()
  const admin = client.admin()
  try {
    await within(CONNECT_LIMIT_MS, admin.connect())
    return await work(admin)
  } finally {
    client.cut()
  }
}

/** Waits for kafkajs this long. Rejects with Unavailable on any failure; after a time-out the outcome is unknown. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  try {
    return await Promise.race([work, late])
  } catch (error) {
    throw new Unavailable('Kafka', error)
  } finally {
    clearTimeout(timer)
  }
}
