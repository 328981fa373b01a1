import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { root } from '../../dev/place.ts'
import { startDaemon } from '../../dev/stack/daemon.ts'
import { query } from '../../dev/stack/postgres.ts'
import { freePort } from '../../test/support/ports.ts'
import { beforeStackEnds, dir, stack } from '../../test/support/stack.ts'
import type { Request } from '../load.ts'

const key32 = () => randomBytes(32).toString('base64')

export type UsersProcess = Awaited<ReturnType<typeof startUsers>>

/** users as a process of its own on an empty database; requests come as the gateway would pass them on. */
export async function startUsers() {
  const { postgres, redis, kafka } = await stack('postgres', 'redis', 'kafka')
  const [port, token, databaseURL] = [await freePort(), key32(), await postgres.createDatabase()]
  const url = `http://127.0.0.1:${port}`
  const daemon = await startDaemon({
    name: 'users',
    command: process.execPath,
    args: [...process.execArgv, join(root, 'services/users/main.ts')],
    dir,
    env: {
      ...{ PORT: String(port), LOG_LEVEL: 'warn', GATEWAY_TOKEN: token, AUTH_URL: url },
      ...{ DATABASE_URL: databaseURL, REDIS_URL: redis.createDatabase(), KAFKA_BROKERS: kafka.url },
      ...{ THAI_ID_KEY: key32(), THAI_ID_HASH_KEY: key32(), CONFIRMATION_KEY: key32() },
    },
    answers: async () => (await fetch(`${url}/ready`)).ok,
  })
  beforeStackEnds(() => daemon.stop())
  return {
    url,
    databaseURL,
    sql: (text: string, ...values: unknown[]) => query(databaseURL, text, values),
    list: (parameters: Record<string, string>): Request => ({
      method: 'GET',
      path: `/api/v1/users?${new URLSearchParams(parameters)}`,
      headers: { 'x-gateway-token': token },
    }),
  }
}
