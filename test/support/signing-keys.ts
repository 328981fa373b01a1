import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Redis } from 'ioredis'
import pg from 'pg'
import { ensureSigningKeys } from '../../auth/signing-keys/begin.ts'
import type { JwtSecret } from '../../auth/signing-keys/declaration.ts'
import { createKeyFolder } from '../../auth/signing-keys/key-folder.ts'
import { type Standing, standings } from '../../auth/signing-keys/standing.ts'
import { root } from '../../dev/place.ts'
import { freeAddresses, startGatewayOn } from '../conformance/gateway-process.ts'
import { declared } from '../deck/declared.ts'
import { serveKeySet } from './key-set.ts'
import { GATEWAY_TOKEN } from './run-service.ts'
import { stack } from './stack.ts'

const COMMAND = join(root, 'auth/commands/keys.ts')
const exec = promisify(execFile)

export type KeyPlace = Awaited<ReturnType<typeof startKeyPlace>>

interface Auth {
  folder: string
  databaseURL: string
  url: string
  redis: Redis
}

/** Where a gateway will be, as auth is told before either runs. */
export async function gatewayToBe() {
  const at = await freeAddresses()
  return { at, env: { GATEWAY_ADMIN_URL: urlOf(at.admin), GATEWAY_NODES: urlOf(at.proxy) } }
}

const urlOf = ({ host, port }: { host: string; port: number }) => `http://${host}:${port}`

/** Signing keys, their declaration, and a gateway of two workers that serves kong.yaml with them: before `auth`, or before what only publishes them. */
export async function startKeyPlace(auth?: Auth, at?: Awaited<ReturnType<typeof freeAddresses>>) {
  const databaseUrl = auth?.databaseURL ?? (await (await stack('postgres')).postgres.createDatabase())
  const home = auth?.folder ?? (await mkdtemp(join(tmpdir(), 'signing-keys-')))
  const [folder, declaration] = [createKeyFolder(join(home, 'keys')), join(home, 'jwt-secrets.json')]
  await ensureSigningKeys({ folder: folder.path, declaration })
  const config = join(home, 'kong.yaml')
  await writeFile(config, withoutRateLimits(await readFile(join(root, 'kong.yaml'), 'utf8')))
  const keySet = await serveKeySet(folder)
  const DECK_AUTH_URL = auth?.url ?? keySet.url
  const { port, db } = auth?.redis.options ?? {}
  const redis = auth && { DECK_REDIS_PORT: String(port), DECK_REDIS_DATABASE: String(db) }
  const variables = { ...declared, ...redis, DECK_AUTH_URL, DECK_JWT_SECRETS_FILE: declaration, GATEWAY_TOKEN }
  const gateway = await startGatewayOn(config, variables, ['--workers', '2'], at)
  const [admin, proxy] = [urlOf(gateway.admin), urlOf(gateway.proxy)]
  const env = {
    DATABASE_URL: databaseUrl,
    JWT_KEYS_DIR: folder.path,
    DECK_JWT_SECRETS_FILE: declaration,
    GATEWAY_ADMIN_URL: admin,
    GATEWAY_NODES: proxy,
  }

  return {
    ...{ home, folder, declaration, keySet, admin, proxy, env },
    /** `npm run keys -- …` */
    keys: (args: string[], changed: NodeJS.ProcessEnv = {}) =>
      exec(process.execPath, [COMMAND, ...args], { env: { ...env, ...changed } }).then(
        ({ stdout }) => ({ code: 0, said: stdout.trim() }),
        ({ code, stderr }) => ({ code, said: stderr.trim() }),
      ),
    standings: async (now = new Date()): Promise<Standing[]> => standings(await folder.read(), now),
    /** What the gateway serves. */
    running: () => keysOf(admin),
    /** What the next sync would make it serve. */
    declared: async () => inOrder(JSON.parse(await readFile(declaration, 'utf8'))),
    audited: () => auditedKeys(databaseUrl),
    async stop() {
      await gateway.stop()
      await keySet.close()
      if (!auth) await rm(home, { recursive: true })
    },
  }
}

const withoutRateLimits = (kong: string) => kong.replaceAll(/minute: \d+/g, 'minute: 1000000')

async function keysOf(admin: string): Promise<JwtSecret[]> {
  const answer = await fetch(`${admin}/consumers/jade-auth/jwt`)
  const { data } = (await answer.json()) as { data: JwtSecret[] }
  return inOrder(data.map(({ key, algorithm, secret, rsa_public_key }) => ({ key, algorithm, secret, rsa_public_key })))
}

const inOrder = (secrets: JwtSecret[]) => secrets.sort((one, other) => (one.key < other.key ? -1 : 1))

async function auditedKeys(connectionString: string): Promise<{ event: string; kid: string }[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query('select event, kid from auth.audit where kid is not null order by id')
  await client.end()
  return rows
}
