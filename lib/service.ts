import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type Router from '@koa/router'
import Koa from 'koa'
import type { Registry } from 'prom-client'
import { cacheControl } from './http/cache-control.ts'
import { requireGatewayToken } from './http/gateway-token.ts'
import { jsonBody } from './http/json-body.ts'
import { observe } from './http/observe.ts'
import { type Checks, probes } from './http/probes.ts'
import { renderErrors } from './http/render-errors.ts'
import type { Log } from './log.ts'
import { isUnavailable } from './unavailable.ts'

/** Something a service runs beside its HTTP routes. Parts start in order and stop in reverse. */
export interface Part {
  name: string
  /** Tried again until it succeeds while a dependency is away. */
  start?(): Promise<unknown>
  /** Ends answers that would go on for ever: called first, so that the requests in flight can finish. */
  drain?(): void
  stop?(): Promise<unknown>
}

export interface RunningService {
  port: number
  /** Stops accepting, finishes what is in flight or cuts it off after 3 s, stops the parts; resolves when all is closed. */
  stop(): Promise<void>
}

interface Options {
  config: { HOST: string; PORT: number; GATEWAY_TOKEN: string }
  log: Log
  metrics: Registry
  routes?: Router
  /** Routes whose bodies are no JSON: each reads its own. */
  unparsedRoutes?: Router
  /** What `/ready` asks, by the dependency's name. */
  checks: Checks
  parts: Part[]
}

/** Longer than the gateway keeps idle upstream connections, so that it is never the service that closes one in use. */
const KEEP_ALIVE_MS = 75_000

/** Of the time that a service has to stop, what requests in flight get; the rest is for the parts. */
const FINISH_MS = 3_000

/** Runs a service: listens at once, starts its parts in the background, and says through `/ready` how far it is. */
export async function serve(options: Options): Promise<RunningService> {
  const { config, log, metrics, routes, unparsedRoutes, checks, parts } = options
  const stopping = new AbortController()
  const started = new Set<Part>()
  const starting = () => parts.filter((part) => part.start && !started.has(part)).map(({ name }) => name)

  const app = new Koa()
  app.on('error', (error) => log.warn('response failed', { error }))
  app.use(probes({ checks, starting, metrics }).routes())
  app.use(observe({ log, metrics }))
  app.use(cacheControl)
  app.use(renderErrors(log))
  app.use(requireGatewayToken(config.GATEWAY_TOKEN))
  if (unparsedRoutes) app.use(unparsedRoutes.routes())
  app.use(jsonBody)
  if (routes) app.use(routes.routes()).use(routes.allowedMethods())

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 30_000 }, app.callback())
  const port = await listen(server, config)
  log.info('listening', { host: config.HOST, port })
  const startup = startParts(parts, started, { log, signal: stopping.signal })

  return {
    port,
    async stop() {
      stopping.abort()
      for (const part of parts) part.drain?.()
      await close(server)
      await startup
      for (const part of [...parts].reverse()) await part.stop?.()
      log.info('stopped')
    },
  }
}

async function listen(server: Server, { HOST, PORT }: { HOST: string; PORT: number }): Promise<number> {
  server.listen(PORT, HOST)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : PORT
}

/**
 * Connections that fall idle only after `close()` would otherwise linger until their keep-alive time is over, and those
 * of clients that do not finish their requests for longer than a service may take to stop.
 */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const overdue = setTimeout(() => server.closeAllConnections(), FINISH_MS)
  await closed
  clearInterval(sweep)
  clearTimeout(overdue)
}

/** Starts parts one after another. One whose dependency is away is tried again; any other failure ends the process. */
async function startParts(parts: Part[], started: Set<Part>, { log, signal }: { log: Log; signal: AbortSignal }) {
  for (const part of parts) {
    for (let attempt = 0; part.start && !started.has(part) && !signal.aborted; attempt++) {
      try {
        await part.start()
        started.add(part)
      } catch (error) {
        if (!isUnavailable(error)) {
          log.error(`${part.name} cannot start`, { error })
          process.exitCode = 1
          process.kill(process.pid, 'SIGTERM')
          return
        }
        if (attempt === 0) log.warn(`waiting for what ${part.name} needs`, { error })
        await delay(Math.min(200 * 2 ** attempt, 3_000), undefined, { signal }).catch(() => undefined)
      }
    }
  }
}
