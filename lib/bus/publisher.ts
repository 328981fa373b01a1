import { setTimeout as delay } from 'node:timers/promises'
import { Unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import { encode, type Outgoing } from './cloud-events.ts'
import { type EventDraft, stamp } from './event.ts'
import type { Kafka } from './kafka.ts'
import { openProducer, type Producer } from './producer.ts'

/**
 * Hands events to Kafka. What resolves is on all in-sync replicas. What rejects with Unavailable is unknown, as an
 * acknowledgement can be lost on its way: Kafka may have it, but nothing is sent again after the rejection.
 */
export interface Publisher {
  /** Of the events, e.g. `/services/users`. */
  readonly source: string
  connect(): Promise<void>
  /** States events now, under the current trace. Throws InvalidEvent where a schema refuses the data. */
  publish(drafts: EventDraft | EventDraft[]): Promise<void>
  /** Sends ready messages, in their order. */
  send(messages: Outgoing[]): Promise<void>
  /** Sends what is queued, then disconnects. */
  stop(): Promise<void>
}

interface Queued {
  message: Outgoing
  bytes: number
  resolve(): void
  reject(error: unknown): void
}

const BATCH_MESSAGES = 500
/** Half of what a Kafka topic takes as one batch unless configured otherwise. */
const BATCH_BYTES = 512 * 1024
const QUEUE_MESSAGES = 20_000
const PROBE_EVERY_MS = 500
/** Under load a batch collects at least this long: fewer, larger requests cost both sides much less. */
const GATHER_MS = 4

export function createPublisher({ kafka, source, log }: { kafka: Kafka; source: string; log: Log }): Publisher {
  const queue: Queued[] = []
  let producer: Producer | undefined
  let sending: Promise<void> | undefined
  let stopped = false

  /** Group commit: one batch is under way at a time, the next one collects meanwhile. A lone event never waits. */
  async function sendAll(): Promise<void> {
    let crowded = false
    while (queue.length > 0 && producer) {
      if (crowded) await delay(GATHER_MS)
      const batch = takeBatch(queue)
      crowded = batch.length > 1
      try {
        await producer.send(batch.map(({ message }) => message))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        lose(producer, error)
        for (const { reject } of [...batch, ...queue.splice(0)]) reject(error)
      }
    }
    sending = undefined
  }

  /** Until Kafka answers again every publish is refused at once. */
  function lose(lost: Producer, error: unknown): void {
    lost.cut()
    producer = undefined
    if (stopped) return
    log.warn('Kafka does not take events: publishing fails until it answers', { error })
    void probe()
  }

  async function probe(): Promise<void> {
    while (!producer && !stopped) {
      await openProducer(kafka).then(adopt, () => delay(PROBE_EVERY_MS))
    }
    if (producer) log.info('Kafka takes events again')
  }

  function adopt(opened: Producer): void {
    if (stopped || producer) opened.cut()
    else producer = opened
  }

  function enqueue(message: Outgoing): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    queue.push({ message, bytes: sizeOf(message), resolve, reject })
    return promise
  }

  const publisher: Publisher = {
    source,
    async connect() {
      if (!producer) adopt(await openProducer(kafka))
    },
    publish: async (drafts) => publisher.send([drafts].flat().map((draft) => encode(stamp(draft), source))),
    async send(messages) {
      if (messages.length === 0) return
      if (!producer || stopped || queue.length + messages.length > QUEUE_MESSAGES) throw new Unavailable('Kafka')
      const sent = messages.map(enqueue)
      sending ??= sendAll()
      await Promise.all(sent)
    },
    async stop() {
      stopped = true
      await sending
      await producer?.close()
      producer = undefined
    },
  }
  return publisher
}

function takeBatch(queue: Queued[]): Queued[] {
  let bytes = 0
  const end = queue.findIndex((queued, index) => {
    bytes += queued.bytes
    return index > 0 && (index === BATCH_MESSAGES || bytes > BATCH_BYTES)
  })
  return queue.splice(0, end === -1 ? queue.length : end)
}

const HEADERS_BYTES = 400

const sizeOf = ({ value }: Outgoing): number => Buffer.byteLength(value ?? '') + HEADERS_BYTES
