import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../lib/config.ts'
import { runAsProcess } from '../lib/run-as-process.ts'
import { platformEnvironment, SERVICES, type ServiceName } from './environment.ts'
import { local, root } from './place.ts'
import { readPorts } from './ports.ts'

// All chosen services in this one process: node dev/services.ts SERVICE…

interface Service {
  start(env: NodeJS.ProcessEnv): Promise<{ stop(): Promise<void> }>
}

const names = process.argv.slice(2) as ServiceName[]
const ports = readPorts(process.env)

await runAsProcess(
  async (env) => {
    const running = await Promise.all(names.map((name) => start(name, env)))
    return {
      stop: async () => {
        await Promise.all(running.map((service) => service.stop()))
      },
    }
  },
  { ...process.env, ...platformEnvironment(local, process.env) },
)

async function start(name: ServiceName, env: NodeJS.ProcessEnv) {
  const { folder, port } = SERVICES[name]
  const service = (await import(pathToFileURL(join(root, folder, 'main.ts')).href)) as Service
  return service.start({ ...env, PORT: String(ports[port]) }).catch((error) => {
    throw error instanceof ConfigError ? new ConfigError(`${name}: ${error.message}`) : error
  })
}
