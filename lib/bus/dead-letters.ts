import { forward, header, type Outgoing } from './cloud-events.ts'
import { deadLetterTopic, type Kafka, withAdmin } from './kafka.ts'
import { parked } from './parking.ts'
import type { Publisher } from './publisher.ts'
import { type Placed, placeOf, type ReadLimits, readTopics } from './read-topics.ts'

/** A message that could not be handled, where it lies and why. */
export interface DeadLetter extends Placed {
  /** The event's, or for a message without one its place: `<partition>@<offset>`. */
  id: string
  /** Where it could not be handled, and by which consumer group. */
  origin: string
  group: string | undefined
  parkedAt: Date
  attempts: number
  reason: string
}

const SUFFIX = deadLetterTopic('')

/** The dead letters of one topic, or of all, the oldest first. */
export async function readDeadLetters(
  kafka: Kafka,
  { topic, ...limits }: ReadLimits & { topic?: string | undefined } = {},
): Promise<DeadLetter[]> {
  const wanted = (name: string) =>
    name.endsWith(SUFFIX) && (topic === undefined || name === topic || name === deadLetterTopic(topic))
  const topics = await withAdmin(kafka, (admin) => admin.listTopics())
  const letters = (await readTopics(kafka, topics.filter(wanted), limits)).map(toDeadLetter)
  return letters.sort((a, b) => a.parkedAt.getTime() - b.parkedAt.getTime())
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
  for (const [place, { topic, partition, offset }] of last) {
    const staying = all.filter((letter) => placeOf(letter) === place && letter.offset < offset && !gone.has(letter))
    await publisher.send(staying.map(({ message }) => ({ ...forward(message, topic), timestamp: message.timestamp })))
    await withAdmin(kafka, async (admin) => {
      await admin.fetchTopicOffsets(topic) // kafkajs deletes only from a topic that it knows already
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset + 1) }] })
    })
  }
}

function toDeadLetter(placed: Placed): DeadLetter {
  const { topic, partition, offset, message } = placed
  return {
    ...placed,
    id: header(message, 'ce_id') ?? `${partition}@${offset}`,
    origin: header(message, parked.originalTopic) ?? topic.slice(0, -SUFFIX.length),
    group: header(message, parked.group),
    parkedAt: new Date(Number(message.timestamp)),
    attempts: Number(header(message, parked.attempts) ?? 0),
    reason: header(message, parked.error) ?? 'unknown',
  }
}

function revive({ origin, message }: DeadLetter): Outgoing {
  const revived = forward(message, origin)
  const { [parked.error]: _, [parked.attempts]: __, [parked.originalTopic]: ___, ...headers } = revived.headers
  return { ...revived, headers }
}
