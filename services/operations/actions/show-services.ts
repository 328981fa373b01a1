import type { Middleware } from 'koa'
import type { ServiceAddress } from '../config.ts'
import { shared } from '../in-flight.ts'
import { statusOfAll } from '../service-status.ts'

/** `GET /api/v1/operations/services`: whether each is ready, what it waits for, and what waits in its outbox. */
export function showServices({ services }: { services: readonly ServiceAddress[] }): Middleware {
  const read = shared(() => statusOfAll(services))
  return async function showsServices(ctx) {
    ctx.body = { status: 'success', data: await read() }
  }
}
