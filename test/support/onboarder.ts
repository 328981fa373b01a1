import { randomInt, randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { start } from '../../services/onboarder/main.ts'
import { connectBus } from './bus.ts'
import { type Answer, key32, runService } from './run-service.ts'
import { stack } from './stack.ts'

export interface RegisterBody {
  status: string
  message: string
  code: string
  data: { userID: string; status?: string }
  errors: { field: string; message: string }[]
}

export type Onboarder = Awaited<ReturnType<typeof runOnboarder>>

/** The onboarder on a Redis of its own and the run's Kafka, with another end of that Kafka to talk to it. */
export async function runOnboarder() {
  const servers = await stack('redis', 'kafka')
  const redisURL = servers.redis.createDatabase()
  const thaiIDKey = key32()
  const service = await runService(start, {
    REDIS_URL: redisURL,
    KAFKA_BROKERS: servers.kafka.url,
    THAI_ID_KEY: thaiIDKey,
    CONTACT_HASH_KEY: key32(),
  })
  await service.ready()
  const redis = new Redis(redisURL)
  redis.on('error', () => undefined) // a test may take Redis away
  const bus = await connectBus(servers.kafka.url)

  return {
    ...service,
    servers,
    redis,
    bus,
    thaiIDKey: Buffer.from(thaiIDKey, 'base64'),
    register: (body: unknown, headers?: Record<string, string>): Promise<Answer<RegisterBody>> =>
      service.call('/api/v1/register', { method: 'POST', body, headers }),
    async statusOf(userID: string): Promise<string | undefined> {
      return (await service.call<RegisterBody>(`/api/v1/register/${userID}`)).body.data?.status
    },
    async stop() {
      await service.stop()
      await bus.disconnect()
      redis.disconnect()
    },
  }
}

/** Somebody whom nobody has registered yet. */
export const somebody = <Changes extends object>(changes?: Changes) => ({
  name: 'สมหญิง ใจดี',
  email: `${randomUUID()}@example.com`,
  phoneNumber: `+668${randomInt(10_000_000, 99_999_999)}`,
  ...(changes as Changes),
})

/** A Thai ID that nobody has yet. */
export function newThaiID(): string {
  const digits = `1${randomInt(10_000_000_000, 99_999_999_999)}`
  const sum = Array.from(digits).reduce((total, digit, place) => total + Number(digit) * (13 - place), 0)
  return `${digits}${(11 - (sum % 11)) % 10}`
}
