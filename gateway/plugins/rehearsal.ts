import { Registry as MetricsRegistry } from 'prom-client'
import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { createBodyDecoder } from '../http1/body-decoder.ts'
import { HeaderList } from '../http1/header-list.ts'
import { parseRequestHead } from '../http1/request-head.ts'
import type { Log } from '../plugin.ts'
import { ownAnswer } from '../proxy/own-answer.ts'
import { createExchange } from '../proxy/proxy-exchange.ts'
import { RequestBody } from '../proxy/request-body.ts'
import { createRouter } from '../router/router.ts'
import type { Environment } from '../vault.ts'
import { createSharedCounters } from './counters.ts'
import { createGateway } from './gateway.ts'
import { plugins, type Registry } from './registry.ts'
import { createRunner, type Runner } from './runner.ts'
import { createSharedCache } from './shared-cache.ts'

/** For tests: plays requests through all phases as the data plane does, with an upstream that echoes nothing but `reply`. */
export interface Rehearsal {
  send(request?: Sent): Promise<Played>
  load(document: object): void
  metrics: MetricsRegistry
  close(): void
}

export interface Sent {
  method?: string
  path?: string
  headers?: Record<string, string | string[]>
  body?: string
  /** The upstream's answer. */
  reply?: { status?: number; headers?: Record<string, string>; body?: string }
}

export interface Played {
  status: number
  headers: HeaderList
  body: string
  /** The body, when it is JSON. */
  json: unknown
  /** Undefined when the request was answered by the gateway. */
  upstream: Exchange['upstream'] | undefined
  exchange: Exchange
}

interface Settings {
  now?: () => number
  env?: Environment
  log?: Log
  registry?: Registry
}

export const NODE_ID = '0c6ab9d2-5f0e-4a53-8f5c-3f7f8ad2b8d1'
const CLIENT = { ip: '127.0.0.1', port: 40000, isTrusted: false }
const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export function entitiesOf(document: object): Entities {
  const { entities, errors } = validate({ _format_version: '3.0', ...document })
  if (entities === undefined) throw new Error(JSON.stringify(errors))
  return entities
}

/** One service under `/` with these plugins, and whatever else is declared. */
export const onService = (plugins: object[], more: object = {}): object => ({
  services: [{ name: 's', url: 'http://127.0.0.1:9', plugins, routes: [{ name: 'r', paths: ['/'] }] }],
  ...more,
})

export function rehearse(
  document: object,
  { now = Date.now, env = {}, log = SILENT, registry = plugins }: Settings = {},
): Rehearsal {
  const metrics = new MetricsRegistry()
  let entities = entitiesOf(document)
  const gateway = createGateway({
    nodeId: NODE_ID,
    entities,
    counters: createSharedCounters(undefined, now),
    cache: createSharedCache(undefined, now),
    log,
    metrics,
    now,
    env,
  })
  let router = createRouter(entities.routes, entities.services)
  let runner = createRunner(entities, gateway, registry)

  return {
    metrics,
    close: gateway.close,
    load(next) {
      entities = entitiesOf(next)
      gateway.load(entities)
      router = createRouter(entities.routes, entities.services)
      runner = createRunner(entities, gateway, registry)
    },
    async send(sent = {}) {
      const exchange = arrive(sent, now())
      runner.rewrite(exchange)
      const { method, path, scheme, host, port, headers } = exchange.request
      exchange.match = router.match({ method, path, scheme, headers, host, port: port ?? exchange.listenPort })
      const answer = exchange.match ? await runner.access(exchange) : { status: 404 }
      return respond(exchange, runner, sent, answer)
    },
  }
}

function arrive({ method = 'GET', path = '/', headers = {}, body }: Sent, startedAt: number): Exchange {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((line) => `${name}: ${line}\r\n`))
  const length = body !== undefined && !('transfer-encoding' in headers) ? `Content-Length: ${body.length}\r\n` : ''
  const head = parseRequestHead(`${method} ${path} HTTP/1.1\r\nHost: gateway.test\r\n${lines.join('')}${length}`)
  const source = { pause: () => undefined, resume: () => undefined, sendContinue: () => undefined }
  const requestBody = new RequestBody(createBodyDecoder(body === undefined ? 0 : body.length), source, false)
  if (body) requestBody.feed(Buffer.from(body, 'latin1'), 0)
  return createExchange({ head, body: requestBody, client: CLIENT, remote: CLIENT, listenPort: 80, startedAt })
}

function respond(exchange: Exchange, runner: Runner, { reply = {} }: Sent, answer?: Answer): Played {
  const own = answer && ownAnswer(exchange, answer)
  const headers = own?.headers ?? new HeaderList()
  if (!own) for (const [name, value] of Object.entries(reply.headers ?? {})) headers.append(name, value)
  const source = answer ? (answer.source ?? 'exit') : 'service'
  exchange.response = { status: own?.status ?? reply.status ?? 200, headers, source }
  runner.headerFilter(exchange)
  const piece = own?.body ?? Buffer.from(reply.body ?? '')
  const body = (runner.hasBodyFilter(exchange) ? runner.bodyFilter(exchange, piece, true) : piece).toString()
  runner.log(exchange)
  const { status } = exchange.response
  return { status, headers, body, json: parsed(body), upstream: own ? undefined : exchange.upstream, exchange }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
