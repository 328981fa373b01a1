import { createLog } from '../lib/log.ts'
import manifest from '../package.json' with { type: 'json' }
import { createAdminServer } from './admin/server.ts'
import { type GatewayConfig, readConfig, USAGE } from './config.ts'
import { createControlPlane } from './control-plane.ts'
import { loadFiles } from './declarative/load.ts'
import { validate } from './declarative/validate.ts'
import type { Entities } from './entities.ts'
import { claimPort, explain } from './free-port.ts'
import type { Log } from './plugin.ts'
import { createSharedCounters } from './plugins/counters.ts'
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
  const { logLevel, env, workers: count } = config
  const log = createLog({ service: 'gateway', level: logLevel })
  const entities = await declared(config)
  const proxy = { ...config.proxy, port: await claimPort(config.proxy) }
  await claimPort(config.admin)
  const counters = createSharedCounters().buffer
  const product = `jade-gateway/${manifest.version}`
  const workers = await startWorkers({ count, log, start: { proxy, entities, counters, env, logLevel, product } })
  const controlPlane = { ...createControlPlane({ workers, initial: entities }), metrics: workers.metrics }
  const admin = await createAdminServer({ controlPlane, listen: config.admin, log }).catch((error) => {
    throw explain(error, config.admin.host, config.admin.port)
  })

  process.on('SIGHUP', () => reload(config, controlPlane.replace, log))
  const stop = once(async (signal: string) => {
    log.info('stopping', { signal })
    setTimeout(() => process.exit(0), STOP_LIMIT).unref()
    await Promise.all([workers.stop(), admin.close()])
    process.exit(0)
  })
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(signal))
  log.info('the gateway serves', {
    proxy,
    admin: { ...config.admin, port: admin.port },
    workers: count,
    routes: entities.routes.length,
  })
}

async function declared({ files, env }: GatewayConfig): Promise<Entities> {
  if (files.length > 0) return await loadFiles(files, env)
  const { entities, errors } = validate({ _format_version: '3.0' })
  if (errors) throw new Error('an empty config is refused')
  return entities
}

/** A file that cannot be served changes nothing. */
async function reload(config: GatewayConfig, replace: (entities: Entities) => Promise<void>, log: Log): Promise<void> {
  try {
    const entities = await declared(config)
    await replace(entities)
    log.info('the config was read again', { files: config.files, routes: entities.routes.length })
  } catch (error) {
    log.error('the config was not changed', { files: config.files, reason: (error as Error).message })
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
