import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Environment } from './vault.ts'

export interface GatewayConfig {
  /** The declared config, together; without any the gateway starts empty and waits for `POST /config`. */
  files: readonly string[]
  proxy: Address
  admin: Address
  workers: number
  logLevel: string
  /** Where `${{ env … }}` and `{vault://env/…}` are looked up. */
  env: Environment
}

export interface Address {
  host: string
  port: number
}

export const USAGE = `Usage: gateway [--config FILE]… [--proxy HOST:PORT] [--admin HOST:PORT] [--workers N]

  --config FILE      decK file with what is to be served, several times for several; SIGHUP reads them again
  --proxy HOST:PORT  where clients are served (127.0.0.1:8000)
  --admin HOST:PORT  where the Admin API listens (127.0.0.1:8001)
  --workers N        threads that serve clients (1)
  --help             this text

LOG_LEVEL: error, warn, info (the default) or debug.`

/** A start that was refused; the message is for the person at the terminal. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Undefined: only help was asked for. */
export function readConfig(
  args: string[] = process.argv.slice(2),
  env: Environment = process.env,
): GatewayConfig | undefined {
  const { values } = parse(args)
  if (values.help) return undefined
  return Object.freeze({
    files: values.config,
    proxy: address('--proxy', values.proxy),
    admin: address('--admin', values.admin),
    workers: workerCount(values.workers),
    logLevel: env.LOG_LEVEL ?? 'info',
    env: Object.freeze({ ...env }),
  })
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        config: { type: 'string', multiple: true, default: [] },
        proxy: { type: 'string', default: '127.0.0.1:8000' },
        admin: { type: 'string', default: '127.0.0.1:8001' },
        workers: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; see --help`)
  }
}

function address(option: string, value: string): Address {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(value) ?? []
  if (host === '' || Number(port) > 65_535)
    throw new UsageError(`${option} should look like 127.0.0.1:8000, not '${value}'`)
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) }
}

function workerCount(value: string): number {
  const most = 4 * availableParallelism()
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new UsageError(`--workers should be a number from 1 to ${most}, not '${value}'`)
  return count
}
