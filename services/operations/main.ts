import { join } from 'node:path'
import { createKafka, kafkaReady } from '../../lib/bus/kafka.ts'
import { createPublisher } from '../../lib/bus/publisher.ts'
import { closeRedis, createRedis, redisReady } from '../../lib/cache.ts'
import { createDb, postgresReady } from '../../lib/db.ts'
import { createLog } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics.ts'
import { migrate } from '../../lib/migrate.ts'
import { runAsProcess } from '../../lib/run-as-process.ts'
import { type RunningService, serve } from '../../lib/service.ts'
import { createAdminApi } from './admin-api.ts'
import { routes } from './app.ts'
import { loadConfig } from './config.ts'
import { createDeadLetters } from './dead-letters.ts'

const MIGRATIONS = [join(import.meta.dirname, 'migrations')]

export async function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(env)
  const log = createLog({ service: 'operations', level: config.LOG_LEVEL })
  const db = createDb({ url: config.DATABASE_URL, schema: 'operations', log })
  const redis = createRedis({ url: config.REDIS_URL, log })
  const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: 'operations', log })
  const publisher = createPublisher({ kafka, source: '/services/operations', log })
  const admin = createAdminApi({ url: config.GATEWAY_ADMIN_URL, token: config.ADMIN_TOKEN })
  const deadLetters = createDeadLetters({ kafka, publisher })

  return await serve({
    config,
    log,
    metrics: createMetrics('operations'),
    routes: routes({ admin, db, redis, kafka, deadLetters, services: config.SERVICE_URLS, log }),
    // Not the gateway: this service is what says that it is away.
    checks: { postgres: () => postgresReady(db), redis: () => redisReady(redis), kafka: () => kafkaReady(kafka) },
    parts: [
      { name: 'redis', stop: () => closeRedis(redis) },
      { name: 'postgres', start: () => migrate(db, 'operations', MIGRATIONS), stop: () => db.destroy() },
      { name: 'publisher', start: () => publisher.connect(), stop: () => publisher.stop() },
    ],
  })
}

if (import.meta.main) await runAsProcess(start, process.env)
