import type { Middleware } from 'koa'
import type { Kafka } from '../../../lib/bus/kafka.ts'
import { busStatus } from '../bus-status.ts'
import type { ServiceAddress } from '../config.ts'
import { shared } from '../in-flight.ts'

/** `GET /api/v1/operations/bus`: how far each service's consumers are behind, and how many dead letters there are. */
export function showBus({ kafka, services }: { kafka: Kafka; services: readonly ServiceAddress[] }): Middleware {
  const names = services.map(({ name }) => name)
  const read = shared(() => busStatus(kafka, names))
  return async function showsBus(ctx) {
    ctx.body = { status: 'success', data: await read() }
  }
}
