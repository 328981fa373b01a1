import { createConsumer } from '../../lib/bus/consumer.ts'
import { measureBus } from '../../lib/bus/gauges.ts'
import { createKafka, kafkaReady } from '../../lib/bus/kafka.ts'
import { createPublisher } from '../../lib/bus/publisher.ts'
import { closeRedis, createRedis, redisReady } from '../../lib/cache.ts'
import { createLog } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics.ts'
import { runAsProcess } from '../../lib/run-as-process.ts'
import { type RunningService, serve } from '../../lib/service.ts'
import { loadConfig } from './config.ts'
import { updateUsers } from './consumers/update-users.ts'
import { createUserCache } from './user-cache.ts'

export async function start(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(env)
  const log = createLog({ service: 'cache-updater', level: config.LOG_LEVEL })
  const redis = createRedis({ url: config.REDIS_URL, log })
  const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: 'cache-updater', log })
  const publisher = createPublisher({ kafka, source: '/services/cache-updater', log })
  const cache = createUserCache({ redis })
  const consumer = createConsumer({ kafka, group: 'cache-updater', log, publisher, handlers: updateUsers(cache) })
  const metrics = createMetrics('cache-updater')
  measureBus(metrics, { consumer })

  return await serve({
    config,
    log,
    metrics,
    checks: { kafka: () => kafkaReady(kafka), redis: () => redisReady(redis) },
    parts: [
      { name: 'redis', stop: () => closeRedis(redis) },
      { name: 'publisher', start: () => publisher.connect(), stop: () => publisher.stop() },
      { name: 'consumer', start: () => consumer.start(), stop: () => consumer.stop() },
    ],
  })
}

if (import.meta.main) await runAsProcess(start, process.env)
