import { Partitioners } from 'kafkajs'
import type { Outgoing } from './cloud-events.ts'
import { CONNECT_LIMIT_MS, type Kafka, within } from './kafka.ts'

/** How long one batch may take, kafkajs' own attempts included. */
const SEND_LIMIT_MS = 2_000

export interface Producer {
  /** Resolves when all in-sync replicas have the messages. After a rejection this producer must not be used again. */
  send(messages: Outgoing[]): Promise<void>
  /** Ends it at once: nothing of a batch under way is sent, or sent again, after this. */
  cut(): void
  close(): Promise<void>
}

/**
 * One idempotent producer, for as long as nothing fails. A failed batch ends it, because its sequence numbers may or
 * may not have been used: kafkajs would give them to the next batch, which Kafka might then drop as a repetition.
 */
export async function openProducer(kafka: Kafka): Promise<Producer> {
  const client = kafka.fork()
  const cut = () => client.cut()
  const producer = client.producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  try {
    await within(CONNECT_LIMIT_MS, producer.connect())
  } catch (error) {
    cut()
    throw error
  }
  return {
    async send(messages) {
      const topicMessages = [...Map.groupBy(messages, ({ topic }) => topic)].map(([topic, messages]) => ({
        topic,
        messages,
      }))
      await within(SEND_LIMIT_MS, producer.sendBatch({ acks: -1, topicMessages }))
    },
    cut,
    async close() {
      // Nothing is under way, so nothing can be lost by cutting where a polite end is not to be had.
      await within(CONNECT_LIMIT_MS, producer.disconnect()).catch(() => undefined)
      cut()
    },
  }
}
