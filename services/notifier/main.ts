import { join } from 'node:path'
import { passwordResetRequested, securityNoted } from '../../auth/events.ts'
import { createConsumer } from '../../lib/bus/consumer.ts'
import { measureBus } from '../../lib/bus/gauges.ts'
import { createKafka, ensureTopics, kafkaReady } from '../../lib/bus/kafka.ts'
import { createPublisher } from '../../lib/bus/publisher.ts'
import { createRelay } from '../../lib/bus/relay.ts'
import { createDb, postgresReady } from '../../lib/db.ts'
import { createLog } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics.ts'
import { migrate } from '../../lib/migrate.ts'
import { runAsProcess } from '../../lib/run-as-process.ts'
import { type RunningService, serve } from '../../lib/service.ts'
import { type ConfirmationRenewed, confirmationRenewed, emailChanged, userCreated } from '../users/events.ts'
import { loadConfig } from './config.ts'
import { createConfirmationMail } from './confirmation-mail.ts'
import { sendMails } from './consumers/send-mails.ts'
import { writeEmailChangedMail } from './email-changed-mail.ts'
import { confirmationSent } from './events.ts'
import { CONNECTIONS, createMailer } from './mailer.ts'
import { createPasswordResetMail } from './password-reset-mail.ts'
import { createSecurityNote } from './security-note.ts'

const MIGRATIONS = ['../../lib/bus/migrations', 'migrations'].map((folder) => join(import.meta.dirname, folder))
const HANDLED = [userCreated, confirmationRenewed, passwordResetRequested, securityNoted, emailChanged]
/** Mail servers put off what they do not trust yet, or have no room for: about a quarter of an hour. */
const RETRY = { attempts: 8, firstDelayMs: 2_000, maxDelayMs: 300_000 }

const toConfirmationSent = ({ userID, email }: ConfirmationRenewed) => confirmationSent.of({ userID, email })

export async function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(env)
  const log = createLog({ service: 'notifier', level: config.LOG_LEVEL })
  const db = createDb({ url: config.DATABASE_URL, schema: 'notifier', log })
  const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: 'notifier', log })
  const publisher = createPublisher({ kafka, source: '/services/notifier', log })
  const relay = createRelay({ db, url: config.DATABASE_URL, publisher, log })
  const mailer = createMailer({ url: config.SMTP_URL, from: config.MAIL_FROM, rateLimit: config.MAIL_RATE_LIMIT })
  const { PUBLIC_URL: publicUrl } = config
  const confirmation = createConfirmationMail({ publicUrl, key: config.CONFIRMATION_KEY })
  const passwordReset = createPasswordResetMail({ publicUrl, key: config.PASSWORD_RESET_KEY })
  const securityNote = createSecurityNote({ publicUrl })
  const consumer = createConsumer({
    ...{ kafka, group: 'notifier', log, publisher, retry: RETRY },
    batchSize: CONNECTIONS,
    handlers: [
      sendMails(userCreated, { db, mailer, write: confirmation, sent: toConfirmationSent }),
      sendMails(confirmationRenewed, { db, mailer, write: confirmation, sent: toConfirmationSent }),
      sendMails(passwordResetRequested, { db, mailer, write: passwordReset }),
      sendMails(securityNoted, { db, mailer, write: securityNote }),
      sendMails(emailChanged, { db, mailer, write: writeEmailChangedMail }),
    ],
  })
  const metrics = createMetrics('notifier')
  measureBus(metrics, { consumer, db })

  return await serve({
    config,
    log,
    metrics,
    checks: { postgres: () => postgresReady(db), kafka: () => kafkaReady(kafka) },
    parts: [
      { name: 'postgres', start: () => migrate(db, 'notifier', MIGRATIONS), stop: () => db.destroy() },
      { name: 'topics', start: () => ensureTopics(kafka, [...HANDLED, confirmationSent]) },
      { name: 'publisher', start: () => publisher.connect(), stop: () => publisher.stop() },
      { name: 'relay', start: () => relay.start(), stop: () => relay.stop() },
      { name: 'mail', stop: async () => mailer.close() },
      { name: 'consumer', start: () => consumer.start(), stop: () => consumer.stop() },
    ],
  })
}

if (import.meta.main) await runAsProcess(start, process.env)
