import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { createKeyFolder, type KeyFolder } from '../../auth/signing-keys/key-folder.ts'
import type { SigningKey } from '../../auth/signing-keys/signing-key.ts'
import { signingKeyOf } from '../../auth/signing-keys/standing.ts'
import { deckEnvironment, platformEnvironment, SERVICES, type ServiceName, serviceUrl } from '../../dev/environment.ts'
import { root } from '../../dev/place.ts'
import { DEFAULT_PORTS, type PortName, type Ports } from '../../dev/ports.ts'
import { type Daemon, startDaemon } from '../../dev/stack/daemon.ts'
import { until } from '../../dev/stack/until.ts'
import { type Answer, exchange, type Sent } from './client.ts'
import { freePort } from './ports.ts'
import { beforeStackEnds, dir, type Stack, stack } from './stack.ts'

/** The whole platform on private ports: the gateway and each service as a process of its own, on the run's stack. */
export interface Platform {
  /** The gateway. */
  url: string
  /** The same, as browsers and mailed links name it. */
  publicUrl: string
  /** The gateway's Admin API. */
  adminUrl: string
  /** The mail inbox's HTTP address. */
  inbox: string
  stack: Stack
  /** A partner of group partner-gold. */
  partnerKey: string
  /** What auth signs with: to make tokens that auth would not. */
  signingKey: SigningKey
  /** All of them, as auth reads them. */
  keyFolder: KeyFolder
  send(method: string, path: string, sent?: Sent): Promise<Answer>
  /** Past the gateway. */
  sendTo(service: ServiceName, method: string, path: string, sent?: Sent): Promise<Answer>
  start(service: ServiceName): Promise<void>
  kill(service: ServiceName): Promise<void>
  createAdmin(email: string, password: string): Promise<void>
  /** How many rows of `users` have this e-mail. */
  usersWith(email: string): Promise<number>
  deadLetters(): Promise<{ topic: string }[]>
  databaseUrl: string
  /** Of the gateway and of each service process. */
  pids(): number[]
  stop(): Promise<void>
  eventually(condition: () => Promise<boolean>, within: number): Promise<void>
}

const PARTNER_KEY = 'the-key-of-the-test-partner'
const exec = promisify(execFile)
let running: Promise<Platform> | undefined

/** Started once per test run. */
export function platform(): Promise<Platform> {
  running ??= startPlatform(Object.keys(SERVICES).map((name) => [name as ServiceName]))
  return running
}

/** `processes`: which services share a process. One that shares cannot be killed or started alone. */
export async function startPlatform(processes: ServiceName[][]): Promise<Platform> {
  const servers = await stack('postgres', 'redis', 'kafka', 'mail')
  const home = join(dir, 'platform')
  mkdirSync(home, { recursive: true })
  const ports = await freePorts()
  const env = platformEnvironment(home, {
    ...portVariables(ports),
    DATABASE_URL: await servers.postgres.createDatabase(),
    REDIS_URL: servers.redis.createDatabase(),
    KAFKA_BROKERS: servers.kafka.url,
    SMTP_URL: servers.mail.url,
    LOG_LEVEL: 'warn',
  })
  const deck = await deckEnvironment(env, ports)
  const keyFolder = createKeyFolder(env.JWT_KEYS_DIR)
  const signingKey = signingKeyOf(await keyFolder.read()) as SigningKey
  const daemons = new Map<string, Daemon>()
  const stop = async () => {
    await Promise.all([...daemons.values()].map((daemon) => daemon.stop()))
  }
  beforeStackEnds(stop) // also where not all of it starts
  const start = async (...names: ServiceName[]) => {
    daemons.set(names.join(), await startServices({ names, home, env, ports }))
  }
  await Promise.all(processes.map((names) => start(...names)))
  daemons.set('gateway', await startGateway({ home, ports, env: { ...deck, GATEWAY_TOKEN: env.GATEWAY_TOKEN } }))
  const url = `http://127.0.0.1:${ports.PROXY_PORT}`
  const command = (file: string, ...args: string[]) =>
    exec(process.execPath, [join(root, file), ...args], { env: { ...process.env, ...env } })

  return {
    url,
    publicUrl: env.PUBLIC_URL,
    adminUrl: `http://127.0.0.1:${ports.ADMIN_PORT}`,
    inbox: servers.mail.web,
    stack: servers,
    partnerKey: PARTNER_KEY,
    signingKey,
    keyFolder,
    send: (...sent) => exchange(url, ...sent),
    sendTo: (service, ...sent) => exchange(serviceUrl(service, ports), ...sent),
    start,
    kill: async (service) => daemons.get(service)?.kill(),
    createAdmin: async (email, password) => {
      await command('auth/commands/create-admin.ts', '--email', email, '--password', password)
    },
    usersWith: (email) => countUsers(env.DATABASE_URL, email),
    deadLetters: async () => JSON.parse((await command('lib/commands/dlq.ts', 'list', '--json')).stdout),
    databaseUrl: env.DATABASE_URL,
    pids: () => [...daemons.values()].map(({ pid }) => pid),
    stop,
    eventually: (condition, within) => until(condition, { within, what: 'the condition' }),
  }
}

async function freePorts(): Promise<Ports> {
  const ports = { ...DEFAULT_PORTS }
  for (const name of Object.keys(ports) as PortName[]) ports[name] = await freePort()
  return ports
}

const portVariables = (ports: Ports) =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]))

interface Where {
  home: string
  env: NodeJS.ProcessEnv
  ports: Ports
}

function startServices({ names, home, env, ports }: Where & { names: ServiceName[] }): Promise<Daemon> {
  const [only] = names.length === 1 ? names : []
  const args = only ? [join(root, SERVICES[only].folder, 'main.ts')] : [join(root, 'dev/services.ts'), ...names]
  const port = only && { PORT: String(ports[SERVICES[only].port]) }
  return startDaemon({
    name: names.join('+'),
    command: process.execPath,
    args,
    dir: home,
    env: { ...env, ...portVariables(ports), ...port },
    answers: async () =>
      (await Promise.all(names.map((name) => isOk(`${serviceUrl(name, ports)}/ready`)))).every(Boolean),
  })
}

function startGateway({ home, ports, env }: Where) {
  const [proxy, admin] = [`127.0.0.1:${ports.PROXY_PORT}`, `127.0.0.1:${ports.ADMIN_PORT}`]
  const args = [join(root, 'gateway/main.ts'), '--config', testConfig(home), '--proxy', proxy, '--admin', admin]
  const answers = () => isOk(`http://${admin}/status`)
  return startDaemon({ name: 'gateway', command: process.execPath, args, dir: home, env, answers })
}

const isOk = async (url: string) => (await fetch(url)).ok

/** kong.yaml with a partner, and with rate limits out of the way of tests that are not about them. */
function testConfig(home: string): string {
  const partner = `
  - username: test-partner
    keyauth_credentials: [{ key: ${PARTNER_KEY} }]
    acls: [{ group: partner-gold }]
`
  const declared = readFileSync(join(root, 'kong.yaml'), 'utf8').replaceAll(/minute: \d+/g, 'minute: 1000000')
  const file = join(home, 'kong.yaml')
  writeFileSync(file, declared.trimEnd() + partner)
  return file
}

async function countUsers(connectionString: string, email: string): Promise<number> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query('select count(*)::int as count from users.users where email = $1', [email])
  await client.end()
  return rows[0].count
}
