import { styleText } from 'node:util'
import { platformEnvironment, SERVICES, type ServiceName } from './environment.ts'
import { ensurePages } from './pages.ts'
import { local } from './place.ts'
import { isService, startGateway, startServices } from './platform.ts'
import { checkPorts, type PortName, readPorts } from './ports.ts'
import { ensurePrograms } from './prerequisites.ts'
import { ensureSecrets } from './secrets.ts'
import { COMPONENTS } from './stack/components.ts'
import { seconds } from './steps.ts'
import { type Supervised, supervise } from './supervise.ts'
import { welcome } from './welcome.ts'

const ALL = Object.keys(SERVICES) as ServiceName[]
const HELP = `npm start [-- SERVICE…]: sets up and runs the platform on this machine; Ctrl-C stops it and keeps all data.
Services: ${ALL.join(', ')} (all, unless some are named).
DATABASE_URL, REDIS_URL, KAFKA_BROKERS and SMTP_URL each replace the local server; PROXY_PORT, POSTGRES_PORT… move ports.`

const args = process.argv.slice(2)
if (args.includes('--help')) {
  console.log(HELP)
  process.exit()
}
try {
  const services = chosen(args)
  await supervise(local, (supervised) => start(services, supervised))
  process.exit()
} catch (error) {
  console.error(`\n${styleText('red', 'npm start:')} ${(error as Error).message}`)
  process.exit(1)
}

function chosen(names: string[]): ServiceName[] {
  const unknown = names.filter((name) => !isService(name))
  if (unknown.length > 0) throw new Error(`no service ${unknown.join(', ')}; there are ${ALL.join(', ')}`)
  return names.length > 0 ? names.filter(isService) : ALL
}

async function start(services: ServiceName[], { step, launch }: Supervised): Promise<void> {
  const since = Date.now()
  const dir = local
  const ports = readPorts(process.env)
  const components = COMPONENTS.filter(({ variable }) => !process.env[variable])
  const listening: PortName[] = [
    ...(['PROXY_PORT', 'ADMIN_PORT'] as const),
    ...services.map((name) => SERVICES[name].port),
    ...components.flatMap((component) => component.ports),
  ]
  await step('ports', () => checkPorts(Object.fromEntries(listening.map((name) => [name, ports[name]]))))
  const needs = components.flatMap((component) => component.needs)
  const programs = await step('prerequisites', () => ensurePrograms(needs, step))
  const platform = platformEnvironment(dir, process.env)
  const context = { dir, ports, programs, password: ensureSecrets(dir).POSTGRES_PASSWORD }

  if (services.includes('web')) await ensurePages(step)
  for (const { label, fetch } of components) if (fetch) await step(`${label} distribution`, () => fetch(context))
  await Promise.all([
    ...components.map((component) => launch(component.label, () => component.start(context))),
    launch('gateway', () => startGateway({ dir, ports, platform })), // it can wait for Redis
  ])
  await launch('services', () => startServices(services, { dir, ports, platform }))
  const title = `${styleText('bold', 'Jade Palace is running')} (ready in ${seconds(since)})`
  console.log(`\n${title}\n\n${welcome({ ports, platform, services, dir })}\n`)
}
