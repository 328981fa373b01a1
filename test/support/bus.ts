import { randomUUID } from 'node:crypto'
import type { KafkaMessage } from 'kafkajs'
import { until } from '../../dev/stack/until.ts'
import { encode } from '../../lib/bus/cloud-events.ts'
import type { EventDraft, EventKind, StampedEvent } from '../../lib/bus/event.ts'
import { createKafka, ensureTopics } from '../../lib/bus/kafka.ts'
import { createPublisher } from '../../lib/bus/publisher.ts'

const nothing = () => undefined
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing }

export type Bus = Awaited<ReturnType<typeof connectBus>>

/** The other end of a service's Kafka: states events to it, sends it rubbish, and reads what it publishes. */
export async function connectBus(address: string) {
  const kafka = createKafka({ brokers: [address], clientId: 'test', log })
  const publisher = createPublisher({ kafka, source: '/test', log })
  const client = kafka.fork()
  let over = false
  const topics = new Map<string, KafkaMessage[]>()
  const readers: { disconnect(): Promise<void> }[] = []
  const admin = client.admin()
  await Promise.all([publisher.connect(), admin.connect()])

  return {
    ensure: (...kinds: EventKind[]) => ensureTopics(kafka, kinds),
    publish: (...drafts: EventDraft[]) => publisher.publish(drafts),
    /** Sends events that are ready, for instance the same one twice. */
    deliver: (...events: StampedEvent[]) => publisher.send(events.map((event) => encode(event, publisher.source))),
    sendRubbish: (topic: string, value: string) =>
      publisher.send([{ topic, key: randomUUID(), value, headers: { 'content-type': 'application/json' } }]),
    /** All messages of a topic, from its beginning; the list grows as they come. */
    async read(topic: string): Promise<KafkaMessage[]> {
      const messages: KafkaMessage[] = []
      topics.set(topic, messages)
      const consumer = client.consumer({
        groupId: `test-${randomUUID()}`,
        maxWaitTimeInMs: 100,
        retry: { restartOnFailure: () => Promise.resolve(!over) }, // else one that is joining would go on for ever
      })
      readers.push(consumer)
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      await consumer.run({
        eachMessage: ({ message }) => {
          messages.push(message)
          return Promise.resolve()
        },
      })
      return messages
    },
    /** How many messages a topic has had. */
    async count(topic: string): Promise<number> {
      const ends = await admin.fetchTopicOffsets(topic)
      return ends.reduce((sum, { high }) => sum + Number(high), 0)
    },
    /** The messages of a topic about one aggregate, once there are so many. */
    async about(key: string, topic: string, count = 1): Promise<KafkaMessage[]> {
      const messages = await (topics.get(topic) ?? this.read(topic))
      const found = () => messages.filter((message) => String(message.key) === key)
      await until(() => found().length >= count, { within: 15_000, what: `${count} × ${topic}` })
      return found()
    },
    /** Resolves once a group has committed all that a topic holds by now. */
    async caughtUp(group: string, topic: string): Promise<void> {
      const ends = (await admin.fetchTopicOffsets(topic)).filter(({ high }) => Number(high) > 0)
      const done = async () => {
        const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
        const committed = new Map(offsets?.partitions.map(({ partition, offset }) => [partition, Number(offset)]))
        return ends.every(({ partition, high }) => (committed.get(partition) ?? 0) >= Number(high))
      }
      await until(done, { within: 10_000, what: `${group} has handled ${topic}` })
    },
    async disconnect() {
      over = true
      await Promise.all(readers.map((reader) => reader.disconnect()))
      await Promise.all([publisher.stop(), admin.disconnect()])
      client.cut()
    },
  }
}
