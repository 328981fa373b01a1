import { randomUUID } from 'node:crypto'
import { query } from '../../dev/stack/postgres.ts'
import { start } from '../../services/operations/main.ts'
import { freePort } from './ports.ts'
import { runService } from './run-service.ts'
import { stack } from './stack.ts'

export const ADMIN_TOKEN = 'what the Admin API asks for'

export interface OperationsBody<Data> {
  status: string
  code: string
  data: Data
  meta: { page: number; limit: number; total: number }
}

/** `operations`, where nobody is at the addresses that are not given. */
export async function runOperations({ admin, services }: { admin?: string; services?: string } = {}) {
  const servers = await stack('postgres', 'redis', 'kafka')
  const [databaseURL, redisURL] = [await servers.postgres.createDatabase(), servers.redis.createDatabase()]
  const nowhere = `http://127.0.0.1:${await freePort()}`
  const service = await runService(start, {
    DATABASE_URL: databaseURL,
    REDIS_URL: redisURL,
    KAFKA_BROKERS: servers.kafka.url,
    GATEWAY_ADMIN_URL: admin ?? nowhere,
    ADMIN_TOKEN,
    SERVICE_URLS: services ?? `nobody=${nowhere}`,
  })
  await service.ready()
  const actorID = randomUUID()
  return {
    ...service,
    servers,
    redisURL,
    actorID,
    ask: <Data>(path: string, method = 'GET') =>
      service.call<OperationsBody<Data>>(`/api/v1/operations/${path}`, {
        method,
        headers: { 'x-user-id': actorID, 'x-request-id': 'request-9' },
      }),
    sql: (text: string) => query(databaseURL, text),
    audit: () =>
      query(databaseURL, 'select action, actor_id, letter, event_id, request_id from operations.audit order by id'),
  }
}
export type Operations = Awaited<ReturnType<typeof runOperations>>
