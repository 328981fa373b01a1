import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Delivery } from './delivery.ts'
import { CONNECT_LIMIT_MS, type Kafka, within } from './kafka.ts'
import { createBatchReader } from './read-batch.ts'

/** Reads topics as a member of a group until it is stopped, whatever happens to Kafka. */
export interface Reader {
  /** Resolves when it has joined the group. Rejects with Unavailable while Kafka, or one of the topics, is not there. */
  start(): Promise<void>
  /** Finishes the batch in hand, commits, leaves the group. */
  stop(): Promise<void>
  joined(): boolean
  /** How many messages of its partitions are yet to be handled, as of the last ones read. */
  lag(): number
}

export interface ReaderOptions {
  kafka: Kafka
  group: string
  topics: string[]
  /** The most messages in one delivery. */
  batchSize: number
  /** Its resolving allows the offsets to be committed. */
  deliver(delivery: Delivery): Promise<void>
  log: Log
}

/** The partitions of a killed node go to the others after this long: the least that brokers allow unless configured. */
const SESSION_TIMEOUT_MS = 6_000
const HEARTBEAT_MS = 1_500
/** How long a rebalance waits for a node to finish its batch. */
const REBALANCE_TIMEOUT_MS = 20_000
/** How long Kafka holds a fetch open for the first message; stopping an idle reader takes as long. */
const FETCH_WAIT_MS = 500
const REOPEN_AFTER_MS = 1_000
/** As many as a topic has, so that one batch does not wait for another. */
const CONCURRENT_PARTITIONS = 3
/** Within the time that a service has to stop. */
const STOP_LIMIT_MS = 6_000

/** One membership: a kafkajs consumer from joining the group until it crashes or is closed. */
interface Membership {
  ended: Promise<Error>
  close(): Promise<void>
}

export function createReader({ kafka, group, topics, log, ...options }: ReaderOptions): Reader {
  const stopping = new AbortController()
  const stopped = once(stopping.signal, 'abort').then(() => undefined)
  const batches = createBatchReader({ ...options, stopping: stopping.signal })
  let joined = false
  let membership: Membership | undefined
  let supervision: Promise<void> | undefined

  async function join(): Promise<Membership> {
    const client = kafka.fork()
    const consumer = client.consumer({
      groupId: group,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => false }, // `supervise` joins again, with a client that starts clean
    })
    const { promise: ended, resolve: end } = Promise.withResolvers<Error>()
    consumer.on(consumer.events.CRASH, ({ payload }) => end(payload.error))
    consumer.on(consumer.events.GROUP_JOIN, () => {
      joined = true
      batches.forget()
    })
    const close = async () => {
      joined = false
      await within(STOP_LIMIT_MS, consumer.disconnect()).catch((error) => log.warn('group not left', { group, error }))
      client.cut()
    }
    try {
      await within(CONNECT_LIMIT_MS, consumer.connect())
      await within(CONNECT_LIMIT_MS, consumer.subscribe({ topics, fromBeginning: true }))
      await consumer.run({
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
        eachBatch: batches.read,
      })
      if (!joined) throw new Unavailable('Kafka', await ended)
    } catch (error) {
      client.cut()
      throw error
    }
    return { ended, close }
  }

  async function supervise(): Promise<void> {
    while (membership) {
      const error = await Promise.race([membership.ended, stopped])
      await membership.close()
      if (!error) return
      log.warn('reading events failed', { group, error })
      membership = await rejoin()
    }
  }

  async function rejoin(): Promise<Membership | undefined> {
    while (!stopping.signal.aborted) {
      try {
        const next = await join()
        log.info('reading events again', { group })
        return next
      } catch (error) {
        log.debug('cannot read events yet', { group, error })
        await Promise.race([delay(REOPEN_AFTER_MS), stopped])
      }
    }
  }

  return {
    async start() {
      membership ??= await join()
      supervision ??= supervise()
    },
    async stop() {
      stopping.abort()
      await supervision
    },
    joined: () => joined,
    lag: batches.lag,
  }
}
