import type { KafkaMessage } from 'kafkajs'
import { forward, header, type Outgoing, Poison } from './cloud-events.ts'
import { deadLetterTopic, retryTopic } from './kafka.ts'

/** What a parked message carries beside its own headers. */
export const parked = {
  error: 'x-error',
  /** How often it has been tried. */
  attempts: 'x-attempts',
  originalTopic: 'x-original-topic',
  /** The consumer group that failed. The others have the event already and pass over it. */
  group: 'x-consumer-group',
  notBefore: 'x-not-before',
} as const

export interface RetryPolicy {
  /** The first delivery counts as one. */
  attempts: number
  firstDelayMs: number
  /** Also how long one event can hold up those behind it in its retry partition. */
  maxDelayMs: number
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, firstDelayMs: 1_000, maxDelayMs: 60_000 }

const GROWTH = 4

/** Where a message goes that could not be handled: to the retry topic with a time, or out of attempts to the dead letters. */
export function park(
  { topic, message, error }: { topic: string; message: KafkaMessage; error: unknown },
  { group, retry, now = Date.now() }: { group: string; retry: RetryPolicy; now?: number },
): Outgoing {
  const originalTopic = header(message, parked.originalTopic) ?? topic
  const attempts = attemptsOf(message) + 1
  const dead = error instanceof Poison || attempts >= retry.attempts
  const letter = forward(message, dead ? deadLetterTopic(originalTopic) : retryTopic(originalTopic))
  const { [parked.notBefore]: _, ...headers } = letter.headers
  return {
    ...letter,
    headers: {
      ...headers,
      [parked.error]: reasonOf(error),
      [parked.attempts]: String(attempts),
      [parked.originalTopic]: originalTopic,
      [parked.group]: group,
      ...(dead ? {} : { [parked.notBefore]: new Date(now + backoff(attempts, retry)).toISOString() }),
    },
  }
}

/** Whether this group is to handle the message: it is everybody's unless it was parked by one. */
export const isFor = (message: KafkaMessage, group: string): boolean =>
  (header(message, parked.group) ?? group) === group

/** Milliseconds until the message may be handled. */
export function dueIn(message: KafkaMessage, now = Date.now()): number {
  const notBefore = header(message, parked.notBefore)
  return notBefore === undefined ? 0 : Math.max(0, Date.parse(notBefore) - now || 0)
}

const attemptsOf = (message: KafkaMessage): number => Number.parseInt(header(message, parked.attempts) ?? '0', 10) || 0

/** Both ends where it is long: knex puts the whole statement before the reason. */
function reasonOf(error: unknown): string {
  const text = String(error)
  return text.length <= 1_000 ? text : `${text.slice(0, 200)} … ${text.slice(-700)}`
}

/** Exponential, with half of it left to chance so that what failed together does not return together. */
const backoff = (attempts: number, { firstDelayMs, maxDelayMs }: RetryPolicy): number =>
  Math.min(firstDelayMs * GROWTH ** (attempts - 1), maxDelayMs) * (0.5 + Math.random() / 2)
