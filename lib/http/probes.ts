import { setTimeout as delay } from 'node:timers/promises'
import Router from '@koa/router'
import type { Registry } from 'prom-client'

/** What `/ready` asks, by the dependency's name. */
export type Checks = Record<string, () => Promise<unknown>>

const CHECK_TIMEOUT_MS = 1_000

/** `GET /health`, `/ready` and `/metrics`, which the gateway does not route. */
export function probes({
  checks,
  starting,
  metrics,
}: {
  checks: Checks
  starting: () => string[]
  metrics: Registry
}): Router {
  const router = new Router()
  router.get('/health', (ctx) => {
    ctx.body = { status: 'success', data: { alive: true } }
  })
  router.get('/ready', async (ctx) => {
    const failing = [...starting(), ...(await failures(checks))]
    ctx.status = failing.length > 0 ? 503 : 200
    ctx.body =
      failing.length > 0
        ? { status: 'error', message: `Not ready: ${failing.join(', ')}`, code: 'NOT_READY', failing }
        : { status: 'success', data: { ready: true } }
  })
  router.get('/metrics', async (ctx) => {
    ctx.type = metrics.contentType
    ctx.body = await metrics.metrics()
  })
  return router
}

async function failures(checks: Checks): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const late = delay(CHECK_TIMEOUT_MS, false, { ref: false })
      const fine = check().then(
        () => true,
        () => false,
      )
      return (await Promise.race([fine, late])) ? undefined : name
    }),
  )
  return results.filter((name) => name !== undefined)
}
