import { createConsumer } from '../lib/bus/consumer.ts'
import { measureBus } from '../lib/bus/gauges.ts'
import { createKafka, ensureTopics, kafkaReady } from '../lib/bus/kafka.ts'
import { createPublisher } from '../lib/bus/publisher.ts'
import { createRelay } from '../lib/bus/relay.ts'
import { closeRedis, createRedis, redisReady } from '../lib/cache.ts'
import { createDb, postgresReady } from '../lib/db.ts'
import { createLog } from '../lib/log.ts'
import { createMetrics } from '../lib/metrics.ts'
import { runAsProcess } from '../lib/run-as-process.ts'
import { type RunningService, serve } from '../lib/service.ts'
import { registrationRequested } from '../services/onboarder/events.ts'
import { routes } from './app.ts'
import { loadConfig, loadKeyChangeConfig } from './config.ts'
import { activateAccount } from './consumers/activate-account.ts'
import { dropAccount } from './consumers/drop-account.ts'
import { eraseAccount } from './consumers/erase-account.ts'
import { followUser } from './consumers/follow-user.ts'
import { noteProfile } from './consumers/note-profile.ts'
import { passwordResetRequested, securityNoted } from './events.ts'
import { createKeyRing } from './key-ring.ts'
import { createLockOut } from './lock-out.ts'
import { createProviders } from './oidc/providers.ts'
import { openIdRoutes } from './oidc/routes.ts'
import { readPasswordPolicy } from './password-policy.ts'
import { createPasswords } from './passwords.ts'
import { createRevocations } from './revocations.ts'
import { migrateAuth, SCHEMA } from './schema.ts'
import { createKeyFolder } from './signing-keys/key-folder.ts'
import { createKeyManagement } from './signing-keys/key-management.ts'
import { createSigningKeys } from './signing-keys/signing-keys.ts'
import { createSweep } from './sweep.ts'
import { createTotp } from './totp.ts'

const SERVICE = 'auth'

export async function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(env)
  const log = createLog({ service: SERVICE, level: config.LOG_LEVEL })
  const folder = createKeyFolder(config.JWT_KEYS_DIR)
  const signingKeys = await createSigningKeys({ folder, log })
  const policy = await readPasswordPolicy()
  const passwords = await createPasswords(config)
  const keys = createKeyRing({ current: config.TOTP_KEY, old: config.TOTP_OLD_KEYS })
  const totp = createTotp({ keys })

  const db = createDb({ url: config.DATABASE_URL, schema: SCHEMA, log })
  const keyManagement = createKeyManagement({ db, folder, config: loadKeyChangeConfig(env) })
  const redis = createRedis({ url: config.REDIS_URL, log })
  const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: SERVICE, log })
  const publisher = createPublisher({ kafka, source: '/auth', log })
  const relay = createRelay({ db, url: config.DATABASE_URL, publisher, log })
  const revocations = createRevocations({ db, redis, log })
  const handlers = [activateAccount, noteProfile, followUser, eraseAccount, dropAccount]
  const issuer = config.PUBLIC_URL.replace(/\/+$/, '')
  const providers = createProviders({ issuer, db, signingKeys, revocations, log })
  const consumer = createConsumer({ kafka, group: SERVICE, db, publisher, log, handlers })
  const metrics = createMetrics(SERVICE)
  measureBus(metrics, { consumer, db })

  return serve({
    config,
    log,
    metrics,
    routes: routes({
      ...{
        db,
        redis,
        log,
        signingKeys,
        keyManagement,
        passwords,
        policy,
        lockOut: createLockOut({ db }),
        totp,
        revocations,
        providers,
      },
      cookieKey: config.COOKIE_KEY,
      passwordResetKey: config.PASSWORD_RESET_KEY,
    }),
    unparsedRoutes: openIdRoutes({ providers }),
    checks: { postgres: () => postgresReady(db), redis: () => redisReady(redis), kafka: () => kafkaReady(kafka) },
    parts: [
      signingKeys,
      keyManagement,
      { name: 'redis', stop: () => closeRedis(redis) },
      { name: 'postgres', start: () => migrateAuth(db), stop: () => db.destroy() },
      revocations,
      createSweep({ db, keys, log }),
      {
        name: 'topics',
        start: () => ensureTopics(kafka, [registrationRequested, passwordResetRequested, securityNoted]),
      },
      { name: 'publisher', start: () => publisher.connect(), stop: () => publisher.stop() },
      { name: 'relay', start: () => relay.start(), stop: () => relay.stop() },
      { name: 'consumer', start: () => consumer.start(), stop: () => consumer.stop() },
    ],
  })
}

if (import.meta.main) await runAsProcess(start, process.env)
