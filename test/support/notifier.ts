import { randomUUID } from 'node:crypto'
import { query } from '../../dev/stack/postgres.ts'
import { until } from '../../dev/stack/until.ts'
import { start } from '../../services/notifier/main.ts'
import { connectBus } from './bus.ts'
import { somebody } from './onboarder.ts'
import { key32, runService } from './run-service.ts'
import { stack } from './stack.ts'

/** As maildev's inbox gives it. */
export interface Received {
  messageId: string
  subject: string
  html: string
  text: string
  headers: Record<string, string>
  envelope: { to: { address: string }[] }
}

export type Notifier = Awaited<ReturnType<typeof runNotifier>>

/** `notifier` on a database of its own and the run's Kafka, with the run's mail server unless told otherwise. */
export async function runNotifier(env: { SMTP_URL?: string; MAIL_RATE_LIMIT?: string } = {}) {
  const servers = await stack('postgres', 'redis', 'kafka', 'mail')
  const databaseURL = await servers.postgres.createDatabase()
  const [confirmationKey, passwordResetKey] = [key32(), key32()]
  const service = await runService(start, {
    DATABASE_URL: databaseURL,
    REDIS_URL: servers.redis.url,
    KAFKA_BROKERS: servers.kafka.url,
    SMTP_URL: servers.mail.url,
    MAIL_FROM: 'Jade Palace <no-reply@jade-palace.example>',
    MAIL_RATE_LIMIT: '1000',
    PUBLIC_URL: 'https://jade-palace.example',
    CONFIRMATION_KEY: confirmationKey,
    PASSWORD_RESET_KEY: passwordResetKey,
    ...env,
  })
  await service.ready()
  const bus = await connectBus(servers.kafka.url)

  async function inbox(address: string): Promise<Received[]> {
    const mails = (await (await fetch(`${servers.mail.web}/email`)).json()) as Received[]
    return mails.filter(({ envelope }) => envelope.to.some((to) => to.address === address))
  }

  return {
    ...service,
    servers,
    bus,
    confirmationKey: Buffer.from(confirmationKey, 'base64'),
    passwordResetKey: Buffer.from(passwordResetKey, 'base64'),
    sql: (text: string, ...values: unknown[]) => query(databaseURL, text, values),
    stated: (topic: string, userID: string) => bus.about(userID, topic),
    inbox,
    async mailTo(address: string): Promise<Received> {
      await until(async () => (await inbox(address)).length > 0, { within: 15_000, what: 'the mail is in the inbox' })
      return (await inbox(address))[0] as Received
    },
    async stop() {
      await service.stop()
      await bus.disconnect()
    },
  }
}

export const newcomer = (changes?: { name?: string; email?: string }) => ({
  userID: randomUUID(),
  ...somebody(changes),
})
