import { randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { generate } from 'otplib'
import pg from 'pg'
import { start } from '../../auth/main.ts'
import { ensureSigningKeys } from '../../auth/signing-keys/begin.ts'
import { until } from '../../dev/stack/until.ts'
import { connectBus } from './bus.ts'
import { type Answer, key32, runService } from './run-service.ts'
import { stack } from './stack.ts'

export interface AuthBody {
  status: string
  message: string
  code: string
  data: Record<string, string> & { backupCodes: string[]; expiresIn: number }
  errors: { field: string; message: string }[]
}

export type Auth = Awaited<ReturnType<typeof runAuth>>

export const PASSWORD = 'a lazy pangolin sings'
const STEP_SECONDS = 30

/** So many nodes of auth on a database and a Redis of their own and the run's Kafka. */
export async function runAuth({ nodes = 1, env = {} }: { nodes?: number; env?: NodeJS.ProcessEnv } = {}) {
  const servers = await stack('postgres', 'redis', 'kafka')
  const folder = mkdtempSync(join(tmpdir(), 'auth-'))
  const [keys, declaration] = [join(folder, 'keys'), join(folder, 'jwt-secrets.json')]
  await ensureSigningKeys({ folder: keys, declaration })
  const passwordResetKey = key32()
  const databaseURL = await servers.postgres.createDatabase()
  const redisURL = servers.redis.createDatabase()
  const variables = {
    DATABASE_URL: databaseURL,
    REDIS_URL: redisURL,
    KAFKA_BROKERS: servers.kafka.url,
    JWT_KEYS_DIR: keys,
    DECK_JWT_SECRETS_FILE: declaration,
    TOTP_KEY: key32(),
    COOKIE_KEY: key32(),
    PUBLIC_URL: 'http://localhost:8000',
    PASSWORD_RESET_KEY: passwordResetKey,
    ...env,
  }
  const services = await Promise.all(Array.from({ length: nodes }, () => runService(start, variables)))
  await Promise.all(services.map((service) => service.ready()))
  const [service] = services as [(typeof services)[0]]
  const redis = new Redis(redisURL)
  redis.on('error', () => undefined) // a test may take Redis away
  const bus = await connectBus(servers.kafka.url)

  /** One statement on a connection of its own. */
  async function query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: databaseURL, options: '-c search_path=auth' })
    await client.connect()
    try {
      return (await client.query<Row>(sql, values)).rows
    } finally {
      await client.end()
    }
  }

  /** From an address of its own, unless it names one: failures are counted by address as well. Nodes take turns. */
  let turn = 0
  function post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<AuthBody>> {
    const node = services[turn++ % services.length] as (typeof services)[0]
    return node.call(`/api/v1/auth/${path}`, {
      method: 'POST',
      body,
      headers: { 'x-real-ip': anAddress(), ...headers },
    })
  }

  const auth = {
    ...service,
    servers,
    /** Of each node. */
    urls: services.map(({ url }) => url),
    /** What a further node would be told. */
    env: variables,
    publicUrl: variables.PUBLIC_URL,
    /** With the signing keys. */
    folder,
    databaseURL,
    passwordResetKey: Buffer.from(passwordResetKey, 'base64'),
    redis,
    bus,
    query,
    post,
    logIn: (email: string, { password = PASSWORD, from = anAddress() } = {}) =>
      post('login', { email, password }, { 'x-real-ip': from }),
    /** Somebody with an open account. */
    async member({ roles = [] as string[] } = {}) {
      const [userID, email] = [randomUUID(), `${randomUUID()}@example.com`]
      const body = { userID, email, password: PASSWORD }
      await service.call('/internal/credentials', { method: 'PUT', body })
      await query('update accounts set confirmed_at = now(), roles = $2 where id = $1', [userID, roles])
      return { userID, email }
    },
    /** The headers of somebody who has just signed in by password, without a login's traces. */
    async justSignedIn(userID: string) {
      const sessionID = randomUUID()
      await query(
        `insert into sessions (id, account_id, amr, authenticated_at, address, device, expires_at)
         values ($1, $2, '{pwd}', now(), '192.0.2.1', '', now() + interval '1 day')`,
        [sessionID, userID],
      )
      return { 'x-user-id': userID, 'x-session-id': sessionID }
    },
    /** Gives a member a second factor; `code(1)` is the next step's, which is good already. */
    async withSecondFactor(userID: string) {
      const as = await auth.justSignedIn(userID)
      const enrolled = await post('mfa/totp/enroll', {}, as)
      const secret = enrolled.body.data['secret'] as string
      const code = (steps = 0) => codeOf(secret, steps)
      const confirmed = await post('mfa/totp/confirm', { code: await code(-1) }, as)
      await query('delete from sessions where id = $1', [as['x-session-id']])
      return { code, secret, backupCodes: confirmed.body.data.backupCodes }
    },
    mfaToken: async (email: string) => (await auth.logIn(email)).body.data['mfaToken'] as string,
    async stop() {
      await Promise.all(services.map((each) => each.stop()))
      await bus.disconnect()
      redis.disconnect()
      rmSync(folder, { recursive: true })
    },
  }
  return auth
}

/** A TOTP code of now, or of so many steps later; never so close to the end of a step that it would be another one's on arrival. */
export async function codeOf(secret: string, steps = 0): Promise<string> {
  const left = () => STEP_SECONDS - ((Date.now() / 1000) % STEP_SECONDS)
  await until(() => left() > 2, { within: 5_000, what: 'the next step' })
  return generate({ secret, epoch: Date.now() / 1000 + steps * STEP_SECONDS })
}

export const anAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`

/** The headers that the gateway sets for the holder of this access token. */
export function callerOf(accessToken: string | undefined): Record<string, string> {
  const claims = claimsOf(accessToken)
  return {
    'x-user-id': claims.sub,
    'x-user-email': claims.email,
    'x-user-roles': claims.roles.join(),
    'x-user-amr': claims.amr.join(),
    'x-session-id': claims.sid,
  }
}

interface Claims {
  sub: string
  sid: string
  email: string
  roles: string[]
  amr: string[]
  auth_time: number
}

export const claimsOf = (accessToken = ''): Claims =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())

/** How many answers there are of each status. */
export function tally(answers: { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
