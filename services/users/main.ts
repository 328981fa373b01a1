import { join } from 'node:path'
import { createConsumer } from '../../lib/bus/consumer.ts'
import { measureBus } from '../../lib/bus/gauges.ts'
import { createKafka, ensureTopics, kafkaReady } from '../../lib/bus/kafka.ts'
import { createPublisher } from '../../lib/bus/publisher.ts'
import { createRelay } from '../../lib/bus/relay.ts'
import { closeRedis, createRedis, redisReady } from '../../lib/cache.ts'
import { createDb, postgresReady } from '../../lib/db.ts'
import { createLog } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics.ts'
import { migrate } from '../../lib/migrate.ts'
import { runAsProcess } from '../../lib/run-as-process.ts'
import { type RunningService, serve } from '../../lib/service.ts'
import { confirmationSent } from '../notifier/events.ts'
import { registrationRequested } from '../onboarder/events.ts'
import { routes } from './app.ts'
import { createAskAuth } from './auth-request.ts'
import { loadConfig } from './config.ts'
import { markSent } from './consumers/mark-sent.ts'
import { register } from './consumers/register.ts'
import { renewConfirmation } from './consumers/renew-confirmation.ts'
import { createSetCredentials } from './credentials.ts'
import {
  confirmationRenewed,
  confirmationRequested,
  emailChanged,
  registrationRejected,
  userConfirmed,
  userCreated,
  userDeleted,
  userUpdated,
} from './events.ts'
import { createLiveCount } from './live-count.ts'
import { countLastMinute } from './registrations.ts'
import { createReadRoles } from './roles.ts'
import { createThaiIDs } from './thai-ids.ts'

const MIGRATIONS = ['../../lib/bus/migrations', 'migrations'].map((folder) => join(import.meta.dirname, folder))
const STATED = [
  ...[userCreated, registrationRejected, userConfirmed, userUpdated, userDeleted],
  ...[confirmationRequested, confirmationRenewed, emailChanged],
]
const CONSUMED = [registrationRequested, confirmationSent]

export async function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(env)
  const log = createLog({ service: 'users', level: config.LOG_LEVEL })
  const db = createDb({ url: config.DATABASE_URL, schema: 'users', log })
  const redis = createRedis({ url: config.REDIS_URL, log })
  const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: 'users', log })
  const publisher = createPublisher({ kafka, source: '/services/users', log })
  const relay = createRelay({ db, url: config.DATABASE_URL, publisher, log })
  const thaiIDs = createThaiIDs({ key: config.THAI_ID_KEY, hashKey: config.THAI_ID_HASH_KEY })
  const consumer = createConsumer({
    kafka,
    group: 'users',
    log,
    db,
    publisher,
    handlers: [register({ thaiIDs }), markSent, renewConfirmation],
  })
  const askAuth = createAskAuth({ url: config.AUTH_URL, gatewayToken: config.GATEWAY_TOKEN })
  const [setCredentials, readRoles] = [createSetCredentials(askAuth), createReadRoles(askAuth)]
  const live = createLiveCount({ count: () => countLastMinute(db), log })
  const metrics = createMetrics('users')
  measureBus(metrics, { consumer, db })

  return await serve({
    config,
    log,
    metrics,
    routes: routes({
      ...{ db, redis, log, live, thaiIDs, setCredentials, readRoles },
      confirmationKey: config.CONFIRMATION_KEY,
    }),
    checks: { postgres: () => postgresReady(db), redis: () => redisReady(redis), kafka: () => kafkaReady(kafka) },
    parts: [
      { name: 'redis', stop: () => closeRedis(redis) },
      { name: 'postgres', start: () => migrate(db, 'users', MIGRATIONS), stop: () => db.destroy() },
      { name: 'live count', drain: () => live.stop() },
      { name: 'topics', start: () => ensureTopics(kafka, [...STATED, ...CONSUMED]) },
      { name: 'publisher', start: () => publisher.connect(), stop: () => publisher.stop() },
      { name: 'relay', start: () => relay.start(), stop: () => relay.stop() },
      { name: 'consumer', start: () => consumer.start(), stop: () => consumer.stop() },
    ],
  })
}

if (import.meta.main) await runAsProcess(start, process.env)
