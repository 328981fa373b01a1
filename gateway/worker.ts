import { parentPort, workerData } from 'node:worker_threads'
import { Registry } from 'prom-client'
import { createLog } from '../lib/log.ts'
import { accessLogWriter, createAccessLog } from './access-log.ts'
import { createHealthView } from './balancer/health-view.ts'
import { createBalancerMemory } from './balancer/memory.ts'
import { createResolver } from './balancer/resolver.ts'
import { type Change, withChanges } from './changes.ts'
import { pendingTimers } from './pending-timers.ts'
import { createSharedCounters } from './plugins/counters.ts'
import { createGateway } from './plugins/gateway.ts'
import { createSharedCache } from './plugins/shared-cache.ts'
import { type DataPlane, PATIENCE } from './proxy/data-plane.ts'
import { listen } from './proxy/server.ts'
import { createSnapshot } from './proxy/snapshot.ts'
import { noTraffic } from './proxy/traffic.ts'
import { createTrustedProxies } from './proxy/trusted-proxies.ts'
import { UpstreamPool } from './proxy/upstream-pool.ts'
import { WriteBatch } from './proxy/write-batch.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'
import { registerTraffic } from './worker-metrics.ts'

/** One thread of the data plane: it serves clients on the port that all workers share. */
const {
  proxy,
  proxyTls,
  trustedProxies,
  entities,
  memory,
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
  nodeId,
  entities,
  counters: createSharedCounters(memory.counters),
  cache: createSharedCache(memory.cache),
  log,
  metrics,
  now: Date.now,
  env,
})
let inForce = entities
const tell = (message: FromWorker) => parentPort?.postMessage(message)
const health = createHealthView((report) => tell({ type: 'health', report }), known)
const lasting = { gateway, resolver: createResolver(), health, memory: createBalancerMemory(memory.turns) }
const writes = new WriteBatch()
const pool = new UpstreamPool(writes)
const traffic = noTraffic()
registerTraffic(metrics, traffic, nodeId)
const plane: DataPlane = {
  snapshot: createSnapshot(entities, lasting),
  pool,
  writes,
  patience: PATIENCE,
  proxies: createTrustedProxies(trustedProxies),
  product,
  log,
  traffic,
  accessLog: logged === undefined ? undefined : createAccessLog({ write: accessLogWriter(logged), log }),
}
const servers = [await listen(plane, { ...proxy, reusePort: true })]
if (proxyTls) servers.push(await listen(plane, { ...proxyTls, reusePort: true, secure: true }))

parentPort?.on('message', async (message: ToWorker) => {
  if (message.type === 'changes') tell({ type: 'applied', version: message.version, failure: apply(message.changes) })
  else if (message.type === 'health') health.take(message.notice)
  else if (message.type === 'metrics') tell({ type: 'metrics', metrics: await metrics.getMetricsAsJSON() })
  else if (message.type === 'figures')
    tell({ type: 'figures', figures: { heapUsed: process.memoryUsage().heapUsed, timers: pendingTimers(), traffic } })
  else await stop()
})
tell({ type: 'listening' })

/** Between two requests: those under way keep the snapshot that they began with. Gives the reason if it cannot be. */
function apply(changes: Change[]): string | undefined {
  try {
    const next = withChanges(inForce, changes)
    plane.snapshot = createSnapshot(next, lasting, { entities: inForce, snapshot: plane.snapshot })
    gateway.load(next)
    inForce = next
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
