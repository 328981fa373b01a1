import { type Admin, AssignerProtocol, type GroupDescription } from 'kafkajs'
import { deadLetterTopic, type Kafka, withAdmin, within } from '../../lib/bus/kafka.ts'

export interface BusStatus {
  groups: GroupStatus[]
  deadLetters: { topic: string; count: number }[]
}

interface GroupStatus {
  group: string
  /** How many nodes read for it now. */
  members: number
  /** How many events are yet to be handled. */
  lag: number
  topics: { topic: string; lag: number }[]
}

interface Span {
  low: number
  high: number
}

const LIMIT_MS = 5_000
const SUFFIX = deadLetterTopic('')

/**
 * Where events pile up, as Kafka knows it: a service's own figures are gone with the service, and this is when they matter.
 * `services`: whose groups are looked at, each with the one for retries.
 */
export const busStatus = (kafka: Kafka, services: string[]): Promise<BusStatus> =>
  withAdmin(kafka, (admin) => within(LIMIT_MS, read(admin, services)))

async function read(admin: Admin, services: string[]): Promise<BusStatus> {
  const ends = endsOf(admin)
  const [{ groups }, topics] = await Promise.all([admin.listGroups(), admin.listTopics()])
  const ours = groups.map(({ groupId }) => groupId).filter((id) => services.includes(id.replace(/\.retry$/, '')))
  const described = ours.length > 0 ? (await admin.describeGroups(ours)).groups : []
  const statuses = await Promise.all(described.map((group) => groupStatus(admin, group, ends)))
  const counts = topics
    .filter((topic) => topic.endsWith(SUFFIX))
    .map(async (topic) => {
      const spans = [...(await ends(topic)).values()]
      return { topic: topic.slice(0, -SUFFIX.length), count: sum(spans.map(({ low, high }) => high - low)) }
    })
  return {
    groups: statuses.sort((a, b) => (a.group < b.group ? -1 : 1)),
    deadLetters: (await Promise.all(counts)).filter(({ count }) => count > 0),
  }
}

async function groupStatus(admin: Admin, { groupId, members }: GroupDescription, ends: Ends): Promise<GroupStatus> {
  const committed = new Map((await admin.fetchOffsets({ groupId })).map(({ topic, partitions }) => [topic, partitions]))
  const assigned = new Set(members.flatMap(assignedTopics))
  const topics = [...(assigned.size > 0 ? assigned : committed.keys())].sort().map(async (topic) => {
    const offsets = new Map(committed.get(topic)?.map(({ partition, offset }) => [partition, Number(offset)]))
    const spans = [...(await ends(topic))]
    return { topic, lag: sum(spans.map(([at, { low, high }]) => high - Math.max(low, offsets.get(at) ?? low))) }
  })
  const lags = await Promise.all(topics)
  return { group: groupId, members: members.length, lag: sum(lags.map(({ lag }) => lag)), topics: lags }
}

/** What the group reads now, also where it has committed nothing yet. Whoever is not there has what was committed. */
const assignedTopics = ({ memberAssignment }: GroupDescription['members'][number]): string[] =>
  Object.keys(AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {})

type Ends = (topic: string) => Promise<Map<number, Span>>

/** Of each partition the first and the next offset; asked for once a topic. */
function endsOf(admin: Admin): Ends {
  const known = new Map<string, Promise<Map<number, Span>>>()
  const ask = async (topic: string) => {
    const offsets = await admin.fetchTopicOffsets(topic)
    return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]))
  }
  return (topic) => {
    const asked = known.get(topic) ?? ask(topic)
    known.set(topic, asked)
    return asked
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)
