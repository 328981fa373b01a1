import type { Redis } from 'ioredis'
import type { Event } from '../../lib/bus/event.ts'
import { redisScript } from '../../lib/redis-script.ts'
import type { UserCreated, UserStatus } from '../users/events.ts'

export type UserCache = ReturnType<typeof createUserCache>

/** Longer than Kafka keeps messages (a week unless configured otherwise), so that none brings a deleted user back. */
const DELETED_MS = 30 * 24 * 60 * 60 * 1000

/**
 * Users as the latest events have them: a Redis hash `user:<userID>` with userID, name, email, phoneNumber, status,
 * version (of the profile; it may lag behind the row's) and updatedAt. Without `version` the profile is still on its
 * way; with status `deleted` there is none. One that is missing may exist all the same: Postgres knows.
 */
export function createUserCache({ redis }: { redis: Redis }) {
  const apply = redisScript(redis, new URL('user-cache/apply.lua', import.meta.url))
  const remove = redisScript(redis, new URL('user-cache/remove.lua', import.meta.url))
  return {
    /** The user as it is at this version. */
    profile({ data, time }: Event<UserCreated>, { status, version }: { status: UserStatus; version: number }) {
      const { userID, name, email, phoneNumber } = data
      const fields = Object.entries({ userID, name, email, phoneNumber }).flat()
      return apply([key(userID)], [status, version, time.toISOString(), ...fields])
    },
    /** The user has come at least this far. */
    status({ data, time }: Event<{ userID: string }>, status: UserStatus) {
      return apply([key(data.userID)], [status, 0, time.toISOString()])
    },
    remove: ({ data }: Event<{ userID: string }>) => remove([key(data.userID)], [DELETED_MS]),
  }
}

const key = (userID: string) => `user:${userID}`
