import { createSecretKey } from 'node:crypto'
import type { Redis } from 'ioredis'
import { redisScript } from '../../lib/redis-script.ts'
import { keyedHash } from '../../lib/seal.ts'

export type RegistrationStatus = 'pending' | 'created' | 'confirmation_sent' | 'confirmed' | 'rejected'

/** What only one member may have. */
export interface Claims {
  email: string
  phoneNumber: string
  thaiID?: string | null
}

export type Ledger = ReturnType<typeof createLedger>

/** Longer than publishing can take; a process that dies in between blocks nobody for longer. */
const RESERVED_MS = 30_000
const DAY_MS = 24 * 60 * 60 * 1000
/** As long as Kafka keeps the request: once it is gone there, nothing will settle it. */
const PENDING_MS = 7 * DAY_MS
/** How long an end is remembered, for whoever asks and against events that come late. */
const ENDED_MS = 30 * DAY_MS

/** One slot of a Redis Cluster for all, since a registration claims several keys at once. */
const PREFIX = 'onboarder:{registration}'

/**
 * Who has which e-mail address, phone number and Thai ID, and how far each registration is, in Redis. It answers fast and
 * may be lost: the unique constraints of `users` have the last word. Keys hold keyed hashes, never the values.
 */
export function createLedger({ redis, hashKey }: { redis: Redis; hashKey: Buffer }) {
  const secret = createSecretKey(hashKey)
  const reserve = redisScript(redis, new URL('ledger/reserve.lua', import.meta.url))
  const keep = redisScript(redis, new URL('ledger/keep.lua', import.meta.url))
  const advance = redisScript(redis, new URL('ledger/advance.lua', import.meta.url))
  const end = redisScript(redis, new URL('ledger/end.lua', import.meta.url))

  const record = (userID: string) => `${PREFIX}:record:${userID}`
  const claimsOf = (claims: Partial<Claims>): [field: string, key: string][] =>
    CLAIMED.flatMap((field) => {
      const value = claims[field]
      return value ? [[field, `${PREFIX}:${field}:${keyedHash(`${field} ${value}`, secret)}`]] : []
    })

  return {
    /** Claims all of them for a new registration and answers true, or none where one is taken. */
    async reserve(userID: string, claims: Claims): Promise<boolean> {
      const [fields, keys] = unzip(claimsOf(claims))
      return (await reserve([record(userID), ...keys], [userID, RESERVED_MS, ...fields])) === 1
    },
    /** The registration was accepted: it stays until it is settled. */
    keep: (userID: string) => keep([record(userID)], [userID, PENDING_MS]),
    /** The registration was not accepted: nothing of it stays. */
    forget: (userID: string) => end([record(userID)], [userID, 'forgotten', 0]),
    reject: (userID: string) => end([record(userID)], [userID, 'rejected', ENDED_MS]),
    remove: (userID: string) => end([record(userID)], [userID, 'deleted', ENDED_MS]),
    advance: (userID: string, status: RegistrationStatus) => advance([record(userID)], [userID, status, 0]),
    /** As `advance`, where the event also says what the user has now. */
    settle: (userID: string, status: RegistrationStatus, claims: Omit<Claims, 'thaiID'> & { version: number }) =>
      advance([record(userID)], [userID, status, claims.version, ...claimsOf(claims).flat()]),
    async statusOf(userID: string): Promise<RegistrationStatus | undefined> {
      const status = await redis.hget(record(userID), 'status')
      return status === null || status === 'deleted' ? undefined : (status as RegistrationStatus)
    },
  }
}

const CLAIMED = ['email', 'phoneNumber', 'thaiID'] as const

const unzip = (pairs: [string, string][]): [string[], string[]] => [
  pairs.map(([left]) => left),
  pairs.map(([, right]) => right),
]
