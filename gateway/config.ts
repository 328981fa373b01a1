import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { isIpOrCidr } from './declarative/checks/address.ts'
import type { TrustedProxiesConfig } from './proxy/trusted-proxies.ts'
import type { Environment } from './vault.ts'

export interface GatewayConfig {
  /** The declared config, together; without any the gateway starts empty and waits for `POST /config`. */
  files: readonly string[]
  proxy: Address
  /** Where clients are served over TLS, if anywhere. */
  proxyTls: Address | undefined
  /** Without addresses nobody's word counts for another's. */
  trustedProxies: TrustedProxiesConfig
  admin: Address
  /** What every Admin API request must bring along, if anything. */
  adminToken: string | undefined
  /** Where changes made through the Admin API are kept for the next start: in Postgres, else in a file. */
  databaseUrl: string | undefined
  stateFile: string
  /** A file, or `stdout`; undefined: requests are not logged. */
  accessLog: string | undefined
  workers: number
  logLevel: string
  /** Where `${{ env … }}` and `{vault://env/…}` are looked up. */
  env: Environment
}

export interface Address {
  host: string
  port: number
}

export const USAGE = `Usage: gateway [--config FILE]… [--proxy HOST:PORT] [--proxy-tls HOST:PORT] [--admin HOST:PORT]
               [--trusted-ips CIDR,…] [--real-ip-header NAME] [--real-ip-recursive]
               [--workers N] [--state FILE] [--access-log FILE|stdout]

  --config FILE      decK file with what is to be served, several times for several; SIGHUP reads them again
  --proxy HOST:PORT  where clients are served (127.0.0.1:8000)
  --proxy-tls HOST:PORT
                     where clients are served over TLS, with the declared certificates and SNIs (nowhere)
  --trusted-ips CIDR,…
                     load balancers and proxies before the gateway, whose word counts for who the client is and for X-Forwarded-*;
                     what anybody else says of it is replaced, but X-Forwarded-For, which grows by the sender's address (none)
  --real-ip-header NAME
                     where they name the client, e.g. X-Forwarded-For (X-Real-IP)
  --real-ip-recursive
                     the last address there that is not trusted itself is the client's, not simply the last
  --admin HOST:PORT  where the Admin API listens (127.0.0.1:8001)
  --workers N        threads that serve clients (1)
  --state FILE       where changes made through the Admin API are kept (the first --config with .state.json behind its name,
                     else gateway.state.json); DATABASE_URL keeps them in Postgres instead, in the schema gateway
  --access-log FILE  one line of JSON for each request, at the end of FILE or on stdout (none)
  --help             this text

Changes made through the Admin API (deck gateway sync) outlive a restart as long as the files say what they said when the change
was made; files that have changed since, and SIGHUP, win over them. POST /config lasts until the next start.
DECK_NAME_FILE, when set, is a file that holds DECK_NAME's value for the declared files; it is read whenever they are.
ADMIN_TOKEN, when set, must come with every Admin API request, in the header Kong-Admin-Token. Without it the Admin API takes
nothing from the pages of other sites, and from browsers only what names a loopback address or the one it listens on.
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
    proxyTls: values['proxy-tls'] === undefined ? undefined : address('--proxy-tls', values['proxy-tls']),
    trustedProxies: trustedProxies(values),
    admin: address('--admin', values.admin),
    adminToken: env.ADMIN_TOKEN || undefined,
    databaseUrl: databaseUrl(env.DATABASE_URL),
    stateFile: stateFile(values),
    accessLog: values['access-log'],
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
        'proxy-tls': { type: 'string' },
        'trusted-ips': { type: 'string', default: '' },
        'real-ip-header': { type: 'string', default: 'X-Real-IP' },
        'real-ip-recursive': { type: 'boolean', default: false },
        admin: { type: 'string', default: '127.0.0.1:8001' },
        state: { type: 'string' },
        'access-log': { type: 'string' },
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

function trustedProxies(values: ReturnType<typeof parse>['values']): TrustedProxiesConfig {
  const addresses = values['trusted-ips']
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
  const wrong = addresses.find((one) => !isIpOrCidr(one))
  if (wrong !== undefined)
    throw new UsageError(`--trusted-ips should be addresses and CIDR blocks like 10.0.0.0/8,::1, not '${wrong}'`)
  const header = values['real-ip-header'].toLowerCase()
  if (!/^[a-z\d-]+$/.test(header))
    throw new UsageError(`--real-ip-header should be a header's name like X-Forwarded-For, not '${header}'`)
  return { addresses, header, recursive: values['real-ip-recursive'] }
}

function workerCount(value: string): number {
  const most = 4 * availableParallelism()
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new UsageError(`--workers should be a number from 1 to ${most}, not '${value}'`)
  return count
}

function databaseUrl(value: string | undefined): string | undefined {
  if (!value) return undefined
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value))
    throw new UsageError('DATABASE_URL should look like postgres://user:password@host:port/database')
  return value
}

/** Its folder is made by nobody: a typing mistake in it would show only when the first change cannot be kept. */
function stateFile({ state, config: [first] }: { state?: string; config: readonly string[] }): string {
  const file = state ?? (first === undefined ? 'gateway.state.json' : `${first}.state.json`)
  const folder = dirname(file)
  if (!existsSync(folder)) throw new UsageError(`--state ${file}: there is no folder ${folder}`)
  return file
}
