import { parentPort, workerData } from 'node:worker_threads'
import { Registry } from 'prom-client'
import { createLog } from '../lib/log.ts'
import { accessLogWriter, createAccessLog } from './access-log.ts'
import { createHealthView } from './balancer/health-view.ts'
import { createResolver } from './balancer/resolver.ts'
import type { Entities } from './entities.ts'
import { createSharedCounters } from './plugins/counters.ts'
import { createGateway } from './plugins/gateway.ts'
import { type DataPlane, PATIENCE } from './proxy/data-plane.ts'
import { listen } from './proxy/server.ts'
import { createSnapshot } from './proxy/snapshot.ts'
import { noTraffic } from './proxy/traffic.ts'
import { UpstreamPool } from './proxy/upstream-pool.ts'
import { WriteBatch } from './proxy/write-batch.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'
import { registerTraffic } from './worker-metrics.ts'

/** One thread of the data plane: it serves clients on the port that all workers share. */
const {
  proxy,
  proxyTls,
  entities,
  counters,
  env,
  logLevel,
  product,
  nodeId,
  accessLog: logged,
  health: known,
} = workerData as WorkerStart
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
const tell = (message: FromWorker) => parentPort?.postMessage(message)
const health = createHealthView((report) => tell({ type: 'health', report }), known)
const lasting = { gateway, resolver: createResolver(), health, memory: new Map() }
const writes = new WriteBatch()
const pool = new UpstreamPool(writes)
const traffic = noTraffic()
registerTraffic(metrics, traffic, nodeId)
const plane: DataPlane = {
  snapshot: createSnapshot(entities, lasting),
  pool,
  writes,
  patience: PATIENCE,
  product,
  log,
  traffic,
  accessLog: logged === undefined ? undefined : createAccessLog({ write: accessLogWriter(logged), log }),
}
const servers = [await listen(plane, { ...proxy, reusePort: true })]
if (proxyTls) servers.push(await listen(plane, { ...proxyTls, reusePort: true, secure: true }))

parentPort?.on('message', async (message: ToWorker) => {
  if (message.type === 'entities') tell({ type: 'applied', version: message.version, failure: apply(message.entities) })
  else if (message.type === 'health') health.take(message.notice)
  else if (message.type === 'metrics') tell({ type: 'metrics', metrics: await metrics.getMetricsAsJSON() })
  else await stop()
})
tell({ type: 'listening' })

/** Between two requests: those under way keep the snapshot that they began with. Gives the reason if it cannot be. */
function apply(next: Entities): string | undefined {
  try {
    plane.snapshot = createSnapshot(next, lasting)
    gateway.load(next)
    return undefined
  } catch (error) {
    log.debug('the new config could not be put in force', { cause: error })
    return error instanceof Error ? error.message : String(error)
  }
}

async function stop(): Promise<void> {
  await Promise.all(servers.map((server) => server.close()))
  pool.close()
  await plane.accessLog?.close()
  gateway.close()
  parentPort?.close()
}
