import { randomUUID } from 'node:crypto'
import type { Admin, EachBatchPayload, KafkaMessage } from 'kafkajs'
import { type Kafka, withAdmin, within } from './kafka.ts'

/** A message and where it lies. */
export interface Placed {
  topic: string
  partition: number
  offset: number
  message: KafkaMessage
}

/** How much is read, and how long that may take. */
export interface ReadLimits {
  /** The most messages of each partition, the oldest first. */
  atMost?: number
  limitMs?: number
}

const READ_LIMIT_MS = 60_000

export const placeOf = ({ topic, partition }: Pick<Placed, 'topic' | 'partition'>): string => `${topic} ${partition}`

/** Everything that lies in these topics now, unless less is asked for. Nothing is committed: reading changes nothing. */
export async function readTopics(
  kafka: Kafka,
  topics: string[],
  { atMost = Number.POSITIVE_INFINITY, limitMs = READ_LIMIT_MS }: ReadLimits = {},
): Promise<Placed[]> {
  return await withAdmin(kafka, async (admin) => {
    const ends = new Map((await Promise.all(topics.map((topic) => endsOf(admin, topic, atMost)))).flat())
    if (ends.size === 0) return []
    const groupId = `reading-${randomUUID()}`
    const messages = await readUpTo(ends, { kafka, groupId, topics, limitMs })
    await admin.deleteGroups([groupId])
    return messages
  })
}

/** Of the partitions that hold anything: the place and the offset behind the last message to be read. */
async function endsOf(admin: Admin, topic: string, atMost: number): Promise<[string, number][]> {
  const offsets = await admin.fetchTopicOffsets(topic)
  return offsets
    .filter(({ low, high }) => low !== high)
    .map(({ partition, low, high }) => [placeOf({ topic, partition }), Math.min(Number(high), Number(low) + atMost)])
}

/** kafkajs reads only as a member of a group: this one exists for the length of the reading. */
async function readUpTo(
  ends: Map<string, number>,
  { kafka, groupId, topics, limitMs }: { kafka: Kafka; groupId: string; topics: string[]; limitMs: number },
): Promise<Placed[]> {
  const found = new Map<string, Placed>()
  const unread = new Set(ends.keys())
  const { promise: complete, resolve } = Promise.withResolvers<void>()
  const eachBatch = ({ batch }: EachBatchPayload) => {
    const { topic, partition, messages } = batch
    const place = placeOf({ topic, partition })
    const end = ends.get(place) ?? 0
    for (const message of messages) {
      const offset = Number(message.offset)
      if (offset < end) found.set(`${place} ${offset}`, { topic, partition, offset, message })
    }
    if (Number(batch.lastOffset()) + 1 >= end) unread.delete(place)
    if (unread.size === 0) resolve()
    return Promise.resolve()
  }

  let over = false
  const client = kafka.fork()
  const consumer = client.consumer({
    groupId,
    maxWaitTimeInMs: 100,
    rebalanceTimeout: 5_000,
    retry: { restartOnFailure: () => Promise.resolve(!over) }, // else it would try for ever
  })
  const run = async () => {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch })
  }
  try {
    await within(limitMs, Promise.all([run(), complete]))
    await consumer.disconnect()
    return [...found.values()]
  } finally {
    over = true
    client.cut()
  }
}
