import { Unavailable } from './errors.ts'

const SOCKET = /^(ECONN|EPIPE|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/
/** PostgreSQL: class 08 connection exceptions, 53300 too many connections, 57P0x shutting down or starting up, and transactions it chose to end (40001, 40P01). */
const POSTGRES = /^(08|53300$|57P0[1-4]$|40001$|40P01$)/
const NAMES = new Set([
  'KnexTimeoutError',
  'MaxRetriesPerRequestError',
  'KafkaJSConnectionError',
  'KafkaJSBrokerNotFound',
])
/** Drivers that name the condition in their message only: pg and ioredis. */
const MESSAGES =
  /^(Connection (terminated|ended|is closed)|Client has encountered a connection error|timeout expired|Query read timeout|Command timed out|Stream isn't writeable)/
/** Redis answers, but cannot take the command now: starting, full, without its disk, or in the middle of a failover. */
const REDIS = /^(LOADING|OOM|MISCONF|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN) /

/** Whether a dependency (Postgres, Redis, Kafka) is away, as against something being wrong with the request or the event. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Unavailable) return true
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    SOCKET.test(code) ||
    POSTGRES.test(code) ||
    NAMES.has(error.name) ||
    isPassing(error) ||
    MESSAGES.test(error.message) ||
    REDIS.test(error.message) ||
    isUnavailable(error.cause)
  )
}

/** kafkajs says itself which of a broker's answers pass: a topic just made has no leader yet, a coordinator moves. */
const isPassing = (error: Error): boolean =>
  error.name === 'KafkaJSProtocolError' && 'retriable' in error && error.retriable === true
