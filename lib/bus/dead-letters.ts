import { randomUUID } from 'node:crypto'
import type { Admin, EachBatchPayload, KafkaMessage } from 'kafkajs'
import { forward, header, type Outgoing } from './cloud-events.ts'
import { deadLetterTopic, type Kafka, withAdmin, within } from './kafka.ts'
import { parked } from './parking.ts'
import type { Publisher } from './publisher.ts'

/** A message that could not be handled, where it lies and why. */
export interface DeadLetter {
  /** The event's, or for a message without one its place: `<partition>@<offset>`. */
  id: string
  /** Where it could not be handled, and by which consumer group. */
  topic: string
  group: string | undefined
  parkedAt: Date
  attempts: number
  reason: string
  /** The dead letter topic and the place in it. */
  source: string
  partition: number
  offset: number
  message: KafkaMessage
}

interface Place {
  source: string
  partition: number
  end: number
}

const READ_LIMIT_MS = 60_000
const SUFFIX = deadLetterTopic('')

/** The dead letters of one topic, or of all, the oldest first. */
export async function readDeadLetters(kafka: Kafka, topic?: string): Promise<DeadLetter[]> {
  return await withAdmin(kafka, async (admin) => {
    const topics = (await admin.listTopics()).filter((name) => name.endsWith(SUFFIX))
    const chosen = topics.filter((name) => topic === undefined || name === topic || name === deadLetterTopic(topic))
    const places = (await Promise.all(chosen.map((source) => filledPlaces(admin, source)))).flat()
    if (places.length === 0) return []
    const letters = await readUpTo(places, kafka, admin)
    return letters.sort((a, b) => a.parkedAt.getTime() - b.parkedAt.getTime())
  })
}

/** Hands dead letters back to the group that failed, by way of the topic they came from. The other groups pass over them. */
export async function replay(letters: DeadLetter[], publisher: Publisher): Promise<void> {
  await publisher.send(letters.map(revive))
}

/**
 * Takes `chosen` out of the dead letters. Kafka can only delete from a partition's beginning, so those before the last
 * chosen one that stay are appended again first. Whoever dies in between leaves some letters twice and loses none.
 */
export async function remove(
  chosen: DeadLetter[],
  { all, kafka, publisher }: { all: DeadLetter[]; kafka: Kafka; publisher: Publisher },
): Promise<void> {
  const gone = new Set(chosen)
  const last = new Map(chosen.toSorted((a, b) => a.offset - b.offset).map((letter) => [placeOf(letter), letter]))
  for (const [place, { source, partition, offset }] of last) {
    const staying = all.filter((letter) => placeOf(letter) === place && letter.offset < offset && !gone.has(letter))
    await publisher.send(staying.map(({ message }) => ({ ...forward(message, source), timestamp: message.timestamp })))
    await withAdmin(kafka, async (admin) => {
      await admin.fetchTopicOffsets(source) // kafkajs deletes only from a topic that it knows already
      await admin.deleteTopicRecords({ topic: source, partitions: [{ partition, offset: String(offset + 1) }] })
    })
  }
}

const placeOf = ({ source, partition }: Pick<DeadLetter, 'source' | 'partition'>): string => `${source} ${partition}`

async function filledPlaces(admin: Admin, source: string): Promise<Place[]> {
  const offsets = await admin.fetchTopicOffsets(source)
  return offsets
    .filter(({ low, high }) => low !== high)
    .map(({ partition, high }) => ({ source, partition, end: Number(high) }))
}

/** kafkajs reads only as a member of a group: this one exists for the length of the reading. */
async function readUpTo(places: Place[], kafka: Kafka, admin: Admin): Promise<DeadLetter[]> {
  const groupId = `dead-letters-${randomUUID()}`
  const client = kafka.fork()
  let over = false
  const consumer = client.consumer({
    groupId,
    maxWaitTimeInMs: 100,
    rebalanceTimeout: 5_000,
    retry: { restartOnFailure: () => Promise.resolve(!over) }, // else it would try for ever
  })
  const letters: DeadLetter[] = []
  const unread = new Map(places.map((place) => [placeOf(place), place.end]))
  const { promise: complete, resolve } = Promise.withResolvers<void>()
  const eachBatch = ({ batch }: EachBatchPayload) => {
    const { topic: source, partition, messages } = batch
    const place = placeOf({ source, partition })
    const end = unread.get(place) ?? 0
    const found = messages.map((message) => toDeadLetter({ source, partition, message }))
    letters.push(...found.filter(({ offset }) => offset < end))
    if (Number(batch.lastOffset()) + 1 >= end) unread.delete(place)
    if (unread.size === 0) resolve()
    return Promise.resolve()
  }
  const run = async () => {
    await consumer.connect()
    await consumer.subscribe({ topics: places.map(({ source }) => source), fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatch })
  }
  try {
    await within(READ_LIMIT_MS, Promise.all([run(), complete]))
    await consumer.disconnect()
    await admin.deleteGroups([groupId])
    return letters
  } finally {
    over = true
    client.cut()
  }
}

function toDeadLetter(place: Pick<DeadLetter, 'source' | 'partition' | 'message'>): DeadLetter {
  const { source, partition, message } = place
  return {
    ...place,
    offset: Number(message.offset),
    id: header(message, 'ce_id') ?? `${partition}@${message.offset}`,
    topic: header(message, parked.originalTopic) ?? source.slice(0, -SUFFIX.length),
    group: header(message, parked.group),
    parkedAt: new Date(Number(message.timestamp)),
    attempts: Number(header(message, parked.attempts) ?? 0),
    reason: header(message, parked.error) ?? 'unknown',
  }
}

function revive({ topic, message }: DeadLetter): Outgoing {
  const revived = forward(message, topic)
  const { [parked.error]: _, [parked.attempts]: __, [parked.originalTopic]: ___, ...headers } = revived.headers
  return { ...revived, headers }
}
