import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { root } from '../dev/place.ts'
import { type Daemon, startDaemon } from '../dev/stack/daemon.ts'
import { freePort } from '../test/support/ports.ts'
import { dir, mochaGlobalTeardown as endStack } from '../test/support/stack.ts'
import { openLoop } from './load.ts'
import { median, percentile } from './statistics.ts'
import { printTable } from './table.ts'

const CONNECTIONS = 64
const ROUNDS = 5
const SECONDS = 5
const USERS = 1_000
const KID = 'bench-key'
/** One worker on one core; whoever calls it and whom it calls share the other, also when the upstream is called directly. */
const CORES = { gateway: '0', others: '1' }
const TOKEN_LIFE_SECONDS = 3_600

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** The gateway's cost with kong.yaml's own chain, beside its upstream called directly. */
export async function gatewayBench(): Promise<void> {
  execFileSync('taskset', ['-a', '-cp', CORES.others, String(process.pid)])
  const upstreamPort = await freePort()
  const [proxyPort, adminPort] = [await freePort(), await freePort()]
  const upstream = `http://127.0.0.1:${upstreamPort}`
  const gateway = `http://127.0.0.1:${proxyPort}`
  const daemons = [
    await daemon('upstream', ['bench/peers/upstream.ts', String(upstreamPort)], upstream),
    await daemon('gateway', gatewayArguments(upstream, proxyPort, adminPort), `http://127.0.0.1:${adminPort}/status`),
  ]
  try {
    await measure(upstream, gateway)
  } finally {
    for (const { stop } of daemons) await stop()
    await endStack()
  }
}

function daemon(name: 'upstream' | 'gateway', [file = '', ...args]: string[], url: string): Promise<Daemon> {
  const env = { GATEWAY_TOKEN: 'bench-token-of-at-least-32-characters' }
  const answers = async () => (await fetch(url)).ok
  const core = name === 'gateway' ? CORES.gateway : CORES.others
  const command = ['-c', core, process.execPath, join(root, file), ...args]
  return startDaemon({ name, command: 'taskset', args: command, dir, env, answers })
}

function gatewayArguments(upstream: string, proxyPort: number, adminPort: number): string[] {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'bench-kong.json')
  writeFileSync(file, JSON.stringify(configuration(upstream)))
  return ['gateway/main.ts', '--config', file, '--proxy', `127.0.0.1:${proxyPort}`, '--admin', `127.0.0.1:${adminPort}`]
}

/** What kong.yaml puts before the members' own profile. */
const configuration = (upstream: string) => ({
  _format_version: '3.0',
  plugins: [
    { name: 'cors', config: { origins: ['http://localhost:8000'], credentials: true } },
    { name: 'correlation-id', config: { header_name: 'X-Request-Id', generator: 'uuid', echo_downstream: true } },
    { name: 'prometheus', config: { per_consumer: true, status_code_metrics: true, latency_metrics: true } },
    { name: 'trusted-identity', config: { gateway_token: '{vault://env/gateway-token}' } },
  ],
  services: [
    {
      name: 'upstream',
      url: upstream,
      routes: [
        {
          name: 'own-profile',
          paths: ['~/api/v1/users/me$'],
          methods: ['GET', 'PATCH', 'OPTIONS'],
          strip_path: false,
          plugins: [
            { name: 'jwt', config: { key_claim_name: 'kid', claims_to_verify: ['exp', 'nbf'] } },
            {
              name: 'rate-limiting',
              config: { minute: 1e9, limit_by: 'header', header_name: 'X-User-Id', policy: 'local' },
            },
          ],
        },
      ],
    },
  ],
  consumers: [
    {
      username: 'jade-auth',
      jwt_secrets: [
        { key: KID, algorithm: 'ES256', rsa_public_key: publicKey.export({ type: 'spki', format: 'pem' }) },
      ],
    },
  ],
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function tokenOfSomebody(): string {
  const now = Math.floor(Date.now() / 1000)
  const identity = {
    sub: randomUUID(),
    sid: randomUUID(),
    email: 'bench@example.test',
    roles: ['member'],
    amr: ['pwd'],
  }
  const input = `${encode({ alg: 'ES256', kid: KID })}.${encode({ ...identity, iat: now, nbf: now, exp: now + TOKEN_LIFE_SECONDS })}`
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

async function measure(upstream: string, gateway: string): Promise<void> {
  const requests = Array.from({ length: USERS }, () => ({
    path: '/api/v1/users/me',
    headers: { authorization: `Bearer ${tokenOfSomebody()}`, origin: 'http://localhost:8000' },
  }))
  const flatOut = async (url: string) => {
    const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS, workers: 1, requests })
    if (result.non2xx + result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors`)
    return result.requests.average
  }
  const paced = async (url: string, rate: number) => {
    const request = (index: number) => ({ method: 'GET', ...(requests[index % USERS] as (typeof requests)[0]) })
    const { outcomes } = await openLoop({ url, rate, seconds: SECONDS, request })
    if (outcomes.some(({ status }) => status !== 200)) throw new Error(`${url}: requests were refused`)
    return percentile(
      outcomes.map(({ latency }) => latency),
      0.95,
    )
  }
  await flatOut(upstream)
  await flatOut(gateway)
  const highest = { upstream: [] as number[], gateway: [] as number[] }
  for (let i = 0; i < ROUNDS; i++) {
    highest.upstream.push(await flatOut(upstream))
    highest.gateway.push(await flatOut(gateway))
  }
  const [direct, through] = [median(highest.upstream), median(highest.gateway)]
  const rate = Math.round(through / 2)
  const added: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const alone = await paced(upstream, rate)
    added.push((await paced(gateway, rate)) - alone)
  }
  printTable('gateway', [
    {
      what: 'requests per second, jwt + identity + rate-limiting + cors + correlation-id + prometheus',
      measured: through.toFixed(0),
      baseline: direct.toFixed(0),
      ratio: through / direct,
      target: '≥ 0.3 ×',
      met: through / direct >= 0.3,
    },
    {
      what: `added at p95, at half of that load (${rate}/s), ms`,
      measured: median(added).toFixed(1),
      target: '< 5',
      met: median(added) < 5,
    },
  ])
}
