import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { query } from '../../dev/stack/postgres.ts'
import { until } from '../../dev/stack/until.ts'
import { registrationRequested } from '../../services/onboarder/events.ts'
import { start } from '../../services/users/main.ts'
import { standInForAuth } from './auth-stand-in.ts'
import { connectBus } from './bus.ts'
import { somebody } from './onboarder.ts'
import { key32, runService } from './run-service.ts'
import { stack } from './stack.ts'

/** What the service answers, as far as tests look at it. */
export interface Body {
  status: string
  message: string
  code: string
  data: Profile & Profile[]
  meta: { page: number; limit: number; total: number }
  errors: { field: string; message: string }[]
}

export interface Profile {
  userID: string
  name: string
  email: string
  phoneNumber: string
  status: string
  createdAt: string
  updatedAt: string
}

export type Users = Awaited<ReturnType<typeof runUsers>>

/** `users` on a database of its own and the run's Kafka, with a stand-in for auth and another end of that Kafka. */
export async function runUsers() {
  const servers = await stack('postgres', 'redis', 'kafka')
  const [databaseURL, redisURL] = [await servers.postgres.createDatabase(), servers.redis.createDatabase()]
  const [thaiIDKey, confirmationKey] = [key32(), key32()]
  const auth = await standInForAuth()
  const service = await runService(start, {
    DATABASE_URL: databaseURL,
    REDIS_URL: redisURL,
    KAFKA_BROKERS: servers.kafka.url,
    AUTH_URL: auth.url,
    THAI_ID_KEY: thaiIDKey,
    THAI_ID_HASH_KEY: key32(),
    CONFIRMATION_KEY: confirmationKey,
  })
  await service.ready()
  const redis = new Redis(redisURL)
  redis.on('error', () => undefined) // a test may take Redis away
  const bus = await connectBus(servers.kafka.url)

  const sql = <Row>(text: string, ...values: unknown[]) => query(databaseURL, text, values) as Promise<Row[]>
  const statusOf = async (userID: string) =>
    (await sql<{ status: string }>('select status from users.users where id = $1', userID))[0]?.status

  /** What was stated on a topic about one user, once there are so many. */
  const stated = async <Data>(topic: string, userID: string, count?: number): Promise<Data[]> =>
    (await bus.about(userID, topic, count)).map(({ value }) => JSON.parse(String(value)))

  return {
    ...service,
    servers,
    redis,
    bus,
    auth,
    databaseURL,
    sql,
    statusOf,
    stated,
    thaiIDKey: Buffer.from(thaiIDKey, 'base64'),
    confirmationKey: Buffer.from(confirmationKey, 'base64'),
    /** Through the topic, as everybody becomes a member. */
    async member(person = somebody()) {
      const userID = randomUUID()
      await bus.publish(registrationRequested.of({ userID, ...person }))
      await until(() => statusOf(userID), { within: 10_000, what: 'the member is in the table' })
      return { userID, ...person }
    },
    async stop() {
      await service.stop()
      await bus.disconnect()
      redis.disconnect()
      await auth.close()
    },
  }
}
