import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import argon2 from 'argon2'
import { signAccessToken } from '../../auth/access-token.ts'
import { hashOf } from '../../auth/opaque-token.ts'
import { ensureSigningKeys } from '../../auth/signing-keys/begin.ts'
import { createKeyFolder } from '../../auth/signing-keys/key-folder.ts'
import type { SigningKey } from '../../auth/signing-keys/signing-key.ts'
import { signingKeyOf } from '../../auth/signing-keys/standing.ts'
import { root } from '../../dev/place.ts'
import { startDaemon } from '../../dev/stack/daemon.ts'
import { query } from '../../dev/stack/postgres.ts'
import { freePort } from '../../test/support/ports.ts'
import { beforeStackEnds, dir, stack } from '../../test/support/stack.ts'
import type { Request } from '../load.ts'

const PASSWORD = 'a lazy pangolin sings'
const MEMBERS = 1_000
const key32 = () => randomBytes(32).toString('base64')

export type AuthProcess = Awaited<ReturnType<typeof startAuth>>

/** auth as a process of its own, with members who can sign in; requests come as the gateway would pass them on. */
export async function startAuth(cost: argon2.HashOptions) {
  const { postgres, redis, kafka } = await stack('postgres', 'redis', 'kafka')
  const [port, token, databaseURL] = [await freePort(), key32(), await postgres.createDatabase()]
  const folder = join(dir, 'bench-keys')
  await ensureSigningKeys({ folder, declaration: join(dir, 'bench-jwt-secrets.json') })
  const url = `http://127.0.0.1:${port}`
  const daemon = await startDaemon({
    name: 'auth',
    command: process.execPath,
    args: [...process.execArgv, join(root, 'auth/main.ts')],
    dir,
    env: {
      ...{
        PORT: String(port),
        PUBLIC_URL: 'https://jade-palace.example',
        LOG_LEVEL: 'warn',
        GATEWAY_TOKEN: token,
        JWT_KEYS_DIR: folder,
      },
      ...{ DATABASE_URL: databaseURL, REDIS_URL: redis.createDatabase(), KAFKA_BROKERS: kafka.url },
      PUBLIC_URL: 'http://localhost',
      ...{ TOTP_KEY: key32(), COOKIE_KEY: key32(), PASSWORD_RESET_KEY: key32() },
    },
    answers: async () => (await fetch(`${url}/ready`)).ok,
  })
  beforeStackEnds(() => daemon.stop())
  await query(
    databaseURL,
    `insert into auth.accounts (id, email, password_hash, confirmed_at)
     select gen_random_uuid(), 'bench-' || n || '@example.test', $1, now() from generate_series(1, $2::int) n`,
    [await argon2.hash(PASSWORD, cost), MEMBERS],
  )
  const key = signingKeyOf(await createKeyFolder(folder).read()) as SigningKey
  const holder = { accountID: randomUUID(), sessionID: randomUUID(), email: 'bench@example.test' }

  const post = (path: string, index: number, body: object): Request => ({
    method: 'POST',
    path: `/api/v1/auth/${path}`,
    headers: {
      ...{ 'content-type': 'application/json', 'x-gateway-token': token },
      'x-real-ip': `10.${(index >> 16) % 256}.${(index >> 8) % 256}.${index % 256}`,
    },
    body: JSON.stringify(body),
  })

  return {
    url,
    /** Each from an address of its own. */
    login: (index: number): Request =>
      post('login', index, { email: `bench-${(index % MEMBERS) + 1}@example.test`, password: PASSWORD }),
    /** Opens so many sessions and gives the request that refreshes each, once. */
    async refreshes(count: number): Promise<(index: number) => Request> {
      const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'))
      await query(databaseURL, SESSIONS, [tokens.map(hashOf)])
      return (index) => post('refresh', index, { refreshToken: tokens[index] })
    },
    sign: () => signAccessToken(key, { ...holder, roles: [], amr: ['pwd'], authTime: 0 }),
  }
}

const SESSIONS = `
  with token as (select hash, gen_random_uuid() as id from unnest($1::bytea[]) hash),
  session as (
    insert into auth.sessions (id, account_id, amr, authenticated_at, address, device, expires_at)
    select id, (select id from auth.accounts limit 1), '{pwd}', now(), '10.0.0.1', 'Chrome', now() + interval '1 day'
    from token
  )
  insert into auth.refresh_tokens (hash, session_id, expires_at) select hash, id, now() + interval '1 day' from token`
