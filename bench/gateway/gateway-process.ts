import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../../dev/place.ts'
import { type Daemon, startDaemon } from '../../dev/stack/daemon.ts'
import { freePort } from '../../test/support/ports.ts'

/** One worker on one core; whoever calls it and whom it calls share the other, also when the upstream is called directly. */
export const CORES = { gateway: '0', others: '1' }

export const GATEWAY_TOKEN = 'bench-token-of-at-least-32-characters'

export interface RunningGateway extends Daemon {
  url: string
  adminUrl: string
  /** Its declared config; SIGHUP makes it read that again. */
  file: string
}

/** `file` holds what it is to serve. */
export async function startGateway(dir: string, file: string): Promise<RunningGateway> {
  const url = `http://127.0.0.1:${await freePort()}`
  const adminUrl = `http://127.0.0.1:${await freePort()}`
  const addresses = ['--proxy', hostOf(url), '--admin', hostOf(adminUrl)]
  const files = ['--config', file, '--state', join(dir, `${basename(file)}.state.json`)]
  const daemon = await startDaemon({
    name: 'gateway',
    command: 'taskset',
    args: ['-c', CORES.gateway, process.execPath, join(root, 'gateway/main.ts'), ...files, ...addresses],
    dir,
    env: { GATEWAY_TOKEN },
    answers: async () => (await fetch(`${adminUrl}/status`)).ok,
  })
  return { ...daemon, url, adminUrl, file }
}

/** Writes what a gateway is to serve; JSON is YAML too. */
export function writeConfig(folder: string, name: string, config: unknown): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(config, null, 2))
  return file
}

const hostOf = (url: string) => new URL(url).host
