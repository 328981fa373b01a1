import { createConsumer } from '../../lib/bus/consumer.ts'
import { measureBus } from '../../lib/bus/gauges.ts'
import { createKafka, ensureTopics, kafkaReady } from '../../lib/bus/kafka.ts'
import { createPublisher } from '../../lib/bus/publisher.ts'
import { closeRedis, createRedis, redisReady } from '../../lib/cache.ts'
import { createLog } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics.ts'
import { runAsProcess } from '../../lib/run-as-process.ts'
import { type RunningService, serve } from '../../lib/service.ts'
import { routes } from './app.ts'
import { loadConfig } from './config.ts'
import { followUsers } from './consumers/follow-users.ts'
import { registrationRequested } from './events.ts'
import { createLedger } from './ledger.ts'

export async function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(env)
  const log = createLog({ service: 'onboarder', level: config.LOG_LEVEL })
  const redis = createRedis({ url: config.REDIS_URL, log })
  const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: 'onboarder', log })
  const publisher = createPublisher({ kafka, source: '/services/onboarder', log })
  const ledger = createLedger({ redis, hashKey: config.CONTACT_HASH_KEY })
  const consumer = createConsumer({ kafka, group: 'onboarder', log, publisher, handlers: followUsers(ledger) })
  const metrics = createMetrics('onboarder')
  measureBus(metrics, { consumer })

  return await serve({
    config,
    log,
    metrics,
    routes: routes({ ledger, publisher, redis, thaiIDKey: config.THAI_ID_KEY, log }),
    checks: { kafka: () => kafkaReady(kafka), redis: () => redisReady(redis) },
    parts: [
      { name: 'redis', stop: () => closeRedis(redis) },
      {
        name: 'topics',
        start: () => ensureTopics(kafka, [registrationRequested]),
      },
      { name: 'publisher', start: () => publisher.connect(), stop: () => publisher.stop() },
      { name: 'consumer', start: () => consumer.start(), stop: () => consumer.stop() },
    ],
  })
}

if (import.meta.main) await runAsProcess(start, process.env)
