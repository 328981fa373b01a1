import { randomUUID } from 'node:crypto'
import { createLog } from '../lib/log.ts'
import manifest from '../package.json' with { type: 'json' }
import { assertWritable } from './access-log.ts'
import { kongVersion } from './admin/node.ts'
import { isLoopback } from './admin/own-address.ts'
import { createAdminServer } from './admin/server.ts'
import { type GatewayConfig, readConfig, USAGE } from './config.ts'
import { type ControlPlane, createControlPlane } from './control-plane.ts'
import { entitiesOf, readFiles } from './declarative/load.ts'
import { claimPort, explain } from './free-port.ts'
import { createNodeMetrics } from './node-metrics.ts'
import { initialEntities } from './persistence/begin.ts'
import { createFileStore } from './persistence/file.ts'
import { createPostgresStore } from './persistence/postgres.ts'
import { fingerprint } from './persistence/store.ts'
import type { Log } from './plugin.ts'
import { createSharedCache } from './plugins/shared-cache.ts'
import { createPropagation } from './propagation.ts'
import { createOccupancy, createSharedMemory } from './shared-memory.ts'
import { startWorkers } from './workers.ts'

/** What a stop may take before whatever is left is cut off. */
const STOP_LIMIT = 9_000

try {
  const config = readConfig()
  if (config) await run(config)
  else process.stdout.write(`${USAGE}\n`)
} catch (error) {
  process.stderr.write(`gateway: ${(error as Error).message}\n`)
  process.exit(1)
}

/** The control plane: it holds the declared config and the Admin API; its workers serve the clients. */
async function run(config: GatewayConfig): Promise<void> {
  const { logLevel, env, workers: count, accessLog, trustedProxies } = config
  if (accessLog !== undefined) await assertWritable(accessLog)
  const log = createLog({ service: 'gateway', level: logLevel })
  const { entities, declaration, store } = await begin(config, log)
  const proxy = { ...config.proxy, port: await claimPort(config.proxy) }
  const proxyTls = config.proxyTls && { ...config.proxyTls, port: await claimPort(config.proxyTls) }
  await claimPort(config.admin)
  const memory = createSharedMemory()
  const nodeId = randomUUID()
  const product = `jade-gateway/${manifest.version}`
  const workers = await startWorkers({
    count,
    log,
    start: { proxy, proxyTls, trustedProxies, entities, memory, env, logLevel, product, nodeId, accessLog },
  })
  const propagation = createPropagation({ workers, log, now: Date.now })
  const controlPlane = createControlPlane({ propagation, initial: entities, declaration, store })
  const { isReachable: isStoreReachable } = store
  const metrics = createNodeMetrics({
    ...{ workers, entities: controlPlane.entities, isStoreReachable, nodeId },
    occupancy: createOccupancy(memory),
    version: kongVersion,
  })
  const { figures, health } = workers
  const node = { id: nodeId, metrics, figures, health, isStoreReachable, cache: createSharedCache(memory.cache) }
  const { admin: listen, adminToken: token } = config
  const admin = await createAdminServer({ controlPlane, node, listen, token, log }).catch((error) => {
    throw explain(error, listen.host, listen.port)
  })

  process.on('SIGHUP', () => reload(config, controlPlane.replace, log))
  const stop = once(async (signal: string) => {
    log.info('stopping', { signal })
    setTimeout(() => process.exit(0), STOP_LIMIT).unref()
    await Promise.all([workers.stop(), admin.close()])
    await store.close()
    process.exit(0)
  })
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(signal))
  log.info('the gateway serves', {
    proxy,
    ...(proxyTls && { proxyTls }),
    admin: { ...config.admin, port: admin.port },
    workers: count,
    routes: entities.routes.length,
  })
}

/** What is declared, or what was made of it through the Admin API before the last stop. */
async function begin({ files, env, databaseUrl, stateFile, admin, adminToken }: GatewayConfig, log: Log) {
  if (adminToken === undefined && !isLoopback(admin.host))
    log.warn('the Admin API can be reached from elsewhere and asks for no token: set ADMIN_TOKEN', { admin })
  const document = await readFiles(files, env)
  const declared = entitiesOf(files, document)
  const declaration = fingerprint(document)
  const store = databaseUrl ? createPostgresStore({ url: databaseUrl, log }) : createFileStore(stateFile)
  const entities = await initialEntities({ declared, declaration, store, log })
  return { entities, declaration, store }
}

/** A file that cannot be served changes nothing. */
async function reload({ files, env }: GatewayConfig, replace: ControlPlane['replace'], log: Log): Promise<void> {
  try {
    const document = await readFiles(files, env)
    const entities = entitiesOf(files, document)
    await replace(entities, fingerprint(document))
    log.info('the config was read again', { files, routes: entities.routes.length })
  } catch (error) {
    log.error('the config was not changed', { files, reason: (error as Error).message })
  }
}

function once(action: (signal: string) => Promise<void>): (signal: string) => void {
  let done = false
  return (signal) => {
    if (done) return
    done = true
    void action(signal)
  }
}
