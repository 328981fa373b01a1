import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deckEnvironment, type PlatformEnvironment, SERVICES, type ServiceName, serviceUrl } from './environment.ts'
import { partnersFile, root } from './place.ts'
import type { Ports } from './ports.ts'
import { type Daemon, startDaemon } from './stack/daemon.ts'

interface Options {
  dir: string
  ports: Ports
  platform: PlatformEnvironment
}

/** The chosen services, in one process. */
export function startServices(names: ServiceName[], { dir, ports, platform }: Options): Promise<Daemon> {
  return startDaemon({
    name: 'services',
    dir,
    command: process.execPath,
    args: [...process.execArgv, join(root, 'dev/services.ts'), ...names],
    cwd: root,
    env: { ...process.env, ...platform },
    answers: async () => {
      await Promise.all(names.map((name) => assertReady(name, ports)))
      return true
    },
  })
}

async function assertReady(name: ServiceName, ports: Ports): Promise<void> {
  const answer = await fetch(`${serviceUrl(name, ports)}/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => {
    throw new Error(`${name} does not listen`)
  })
  const { message } = (await answer.json()) as { message?: string }
  if (!answer.ok) throw new Error(`${name}: ${message}`)
}

export async function startGateway({ dir, ports, platform }: Options): Promise<Daemon> {
  const admin = `127.0.0.1:${ports.ADMIN_PORT}`
  if (!existsSync(partnersFile)) writeFileSync(partnersFile, '_format_version: "3.0"\nconsumers: []\n', { mode: 0o600 })
  return startDaemon({
    name: 'gateway',
    dir,
    command: process.execPath,
    args: [
      ...[...process.execArgv, join(root, 'gateway/main.ts')],
      ...['--config', join(root, 'kong.yaml')],
      ...['--config', partnersFile],
      ...['--proxy', `127.0.0.1:${ports.PROXY_PORT}`],
      ...['--admin', admin],
      ...['--state', join(dir, 'gateway.state.json')],
    ],
    cwd: root,
    env: { GATEWAY_TOKEN: platform.GATEWAY_TOKEN, ...(await deckEnvironment(platform, ports)) },
    answers: async () => {
      const answer = await fetch(`http://${admin}/status`, { signal: AbortSignal.timeout(2_000) })
      await answer.text()
      return answer.ok
    },
  })
}

export const isService = (name: string): name is ServiceName => Object.hasOwn(SERVICES, name)
