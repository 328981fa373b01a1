import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../lib/config.ts'
import { platformEnvironment, SERVICES, type ServiceName } from './environment.ts'
import { local, root } from './place.ts'
import { readPorts } from './ports.ts'

// All chosen services in this one process: node dev/services.ts SERVICE…
interface Service {
  start(env: NodeJS.ProcessEnv): Promise<{ stop(): Promise<void> }>
}

const STOP_LIMIT_MS = 10_000
const names = process.argv.slice(2) as ServiceName[]
const ports = readPorts(process.env)
const platform = platformEnvironment(local, process.env)

const running = await Promise.all(names.map(start))

async function start(name: ServiceName) {
  const { folder, port } = SERVICES[name]
  const service = (await import(pathToFileURL(join(root, folder, 'main.ts')).href)) as Service
  return service.start({ ...process.env, ...platform, PORT: String(ports[port]) }).catch((error) => {
    console.error(error instanceof ConfigError ? `${name}: ${error.message}` : error)
    process.exit(1)
  })
}

let stopping = false
process.on('SIGTERM', async () => {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref()
  await Promise.all(running.map((service) => service.stop()))
  process.exit()
})
