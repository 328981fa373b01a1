import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import { Histogram, type Registry } from 'prom-client'
import type { Log } from '../log.ts'
import { withTrace } from '../trace.ts'

/** Events and audit rows carry it on, so a caller's own is taken only where it is short: Kafka refuses batches that are too large. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/

/** Runs each request under its trace, counts it by route pattern (never by path: paths hold ids) and logs it at debug. */
export function observe({ log, metrics }: { log: Log; metrics: Registry }): Middleware {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [metrics],
  })
  return function observed(ctx, next) {
    const started = performance.now()
    const given = ctx.get('x-request-id')
    const requestId = REQUEST_ID.test(given) ? given : randomUUID()
    ctx.state.requestId = requestId
    return withTrace({ traceparent: ctx.get('traceparent') || undefined, requestId }, async () => {
      await next()
      const route = ctx._matchedRoute ? String(ctx._matchedRoute) : 'none'
      const seconds = (performance.now() - started) / 1000
      duration.observe({ method: ctx.method, route, status: ctx.status }, seconds)
      log.debug('request', { method: ctx.method, route, status: ctx.status, seconds })
    })
  }
}
