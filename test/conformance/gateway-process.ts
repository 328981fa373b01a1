import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { until } from '../../dev/stack/until.ts'
import { freePort } from '../support/ports.ts'
import { type Address, exchange } from './exchange.ts'

interface Addresses {
  proxy: Address
  admin: Address
}

export interface GatewayProcess extends Addresses {
  stop(): Promise<void>
}

const main = path.join(import.meta.dirname, '../../gateway/main.ts')

/** Our gateway as a process of its own, with nothing declared. */
export async function startGateway(env: NodeJS.ProcessEnv = {}, workers = 1): Promise<GatewayProcess> {
  const directory = await mkdtemp(path.join(tmpdir(), 'conformance-'))
  const config = path.join(directory, 'kong.yaml')
  await writeFile(config, '_format_version: "3.0"\n')
  const clean = () => rm(directory, { recursive: true })
  try {
    const gateway = await startGatewayOn(config, env, ['--workers', `${workers}`])
    return { ...gateway, stop: () => gateway.stop().then(clean) }
  } catch (error) {
    await clean()
    throw error
  }
}

/** Our gateway as a process of its own, on a file. */
export async function startGatewayOn(
  config: string,
  env: NodeJS.ProcessEnv = {},
  more: readonly string[] = [],
  at?: Addresses,
): Promise<GatewayProcess> {
  const { proxy, admin } = at ?? (await freeAddresses())
  const listen = ['--proxy', `${proxy.host}:${proxy.port}`, '--admin', `${admin.host}:${admin.port}`]
  const child = spawn(process.execPath, [main, '--config', config, ...listen, ...more], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => output.push(piece))
  child.stderr.on('data', (piece: Buffer) => output.push(piece))
  const stop = () => ended(child)
  try {
    await until(() => ready(child, admin), { within: 20_000, what: 'the gateway answers' })
  } catch (cause) {
    await stop()
    throw new Error(`the gateway does not start: ${Buffer.concat(output).toString()}`, { cause })
  }
  return { proxy, admin, stop }
}

/** For a gateway that is to start later. */
export async function freeAddresses(): Promise<Addresses> {
  const [proxy, admin] = [await freePort(), await freePort()]
  return { proxy: { host: '127.0.0.1', port: proxy }, admin: { host: '127.0.0.1', port: admin } }
}

async function ready(child: ChildProcess, admin: Address): Promise<boolean> {
  const { status } = await exchange(admin, { path: '/status' })
  return status !== 0 || child.exitCode !== null
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}
