import { parentPort, workerData } from 'node:worker_threads'
import { Registry } from 'prom-client'
import { createLog } from '../lib/log.ts'
import { createBalancer } from './balancer/balancer.ts'
import { createResolver } from './balancer/resolver.ts'
import type { Entities } from './entities.ts'
import { createSharedCounters } from './plugins/counters.ts'
import { createGateway } from './plugins/gateway.ts'
import { createRunner } from './plugins/runner.ts'
import { type DataPlane, PATIENCE, type Snapshot } from './proxy/data-plane.ts'
import { listen } from './proxy/server.ts'
import { UpstreamPool } from './proxy/upstream-pool.ts'
import { WriteBatch } from './proxy/write-batch.ts'
import { createRouter } from './router/router.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'

/** One thread of the data plane: it serves clients on the port that all workers share. */
const { proxy, entities, counters, env, logLevel, product } = workerData as WorkerStart
const log = createLog({ service: 'gateway', level: logLevel })
const metrics = new Registry()
const gateway = createGateway({
  entities,
  counters: createSharedCounters(counters),
  log,
  metrics,
  now: Date.now,
  env,
})
const resolver = createResolver()
const writes = new WriteBatch()
const pool = new UpstreamPool(writes)
const plane: DataPlane = {
  snapshot: compile(entities),
  pool,
  writes,
  patience: PATIENCE,
  listenPort: proxy.port,
  product,
  log,
}
const server = await listen(plane, { ...proxy, reusePort: true })

const tell = (message: FromWorker) => parentPort?.postMessage(message)

parentPort?.on('message', async (message: ToWorker) => {
  if (message.type === 'entities') tell({ type: 'applied', version: message.version, failure: apply(message.entities) })
  else if (message.type === 'metrics') tell({ type: 'metrics', metrics: await metrics.getMetricsAsJSON() })
  else await stop()
})
tell({ type: 'listening' })

function compile(next: Entities): Snapshot {
  return {
    router: createRouter(next.routes, next.services),
    runner: createRunner(next, gateway),
    balancer: createBalancer(next, resolver),
  }
}

/** Between two requests: those under way keep the snapshot that they began with. Gives the reason if it cannot be. */
function apply(next: Entities): string | undefined {
  try {
    plane.snapshot = compile(next)
    gateway.load(next)
    return undefined
  } catch (error) {
    log.error('the new config could not be put in force', { cause: error })
    return error instanceof Error ? error.message : String(error)
  }
}

async function stop(): Promise<void> {
  await server.close()
  pool.close()
  gateway.close()
  parentPort?.close()
}
