import type { Exchange } from '../exchange.ts'
import type { HeaderList } from '../http1/header-list.ts'
import { CONNECTION } from '../request-fields.ts'
import { WORKSPACE } from '../workspace.ts'
import { parseArguments } from './arguments.ts'
import { type CustomFields, setCustomFields } from './custom-fields.ts'
import { shown, shownInWorkspace } from './entity-view.ts'

/** One or several values of a name. */
const plain = <Value>(values: readonly Value[]): Value | readonly Value[] =>
  values.length === 1 ? (values[0] as Value) : values

const listed = (headers: HeaderList): Record<string, string | readonly string[]> =>
  Object.fromEntries([...new Set(headers.keys)].map((key) => [key, plain(headers.getAll(key))]))

/** Kong writes this in place of the first two; the last one is ours, and a secret as much as they are. */
const REDACTED = ['authorization', 'proxy-authorization', 'x-gateway-token']

function requestHeaders({ request, upstream }: Exchange): Record<string, unknown> {
  const headers: Record<string, unknown> = listed(upstream.headers)
  for (const key of CONNECTION) if (request.headers.has(key)) headers[key] ??= plain(request.headers.getAll(key))
  for (const key of REDACTED) if (key in headers) headers[key] = 'REDACTED'
  return headers
}

const withQuery = (path: string, query: string | undefined) => (query === undefined ? path : `${path}?${query}`)

function latencies({ latency: { gateway, upstream, total } }: Exchange) {
  if (upstream === undefined) return { kong: total, proxy: -1, request: total, receive: 0 }
  return { kong: gateway, proxy: upstream, request: total, receive: Math.max(0, total - gateway - upstream) }
}

function tries(exchange: Exchange) {
  return exchange.tries.map(({ ip, port, startedAt, failure, code }) => ({
    ip,
    port,
    balancer_start: startedAt,
    balancer_start_ns: startedAt * 1_000_000,
    balancer_latency: 0,
    balancer_latency_ns: 0,
    ...(failure !== undefined && { state: failure, code }),
  }))
}

/** A finished request as a logging plugin tells it, with the fields that it adds or leaves out. */
export const logEntry = (exchange: Exchange, custom: CustomFields): Record<string, unknown> =>
  setCustomFields(serialize(exchange), custom, exchange)

/** Kong's `kong.log.serialize`. */
function serialize(exchange: Exchange): Record<string, unknown> {
  const { request, upstream, response, match, consumer, credential } = exchange
  return {
    request: {
      id: exchange.id,
      method: request.method,
      uri: request.target,
      url: `${request.scheme}://${request.host.toLowerCase()}:${exchange.listenPort}${request.target}`,
      querystring: Object.fromEntries(
        [...parseArguments(request.query)].map(([name, values]) => [name, plain(values)]),
      ),
      headers: requestHeaders(exchange),
      size: exchange.bytes.received,
      // Clients are not asked for certificates.
      ...(request.tls && { tls: { ...request.tls, client_verify: 'NONE' } }),
    },
    upstream_uri: match ? withQuery(upstream.path, upstream.query) : '',
    upstream_status: exchange.tries.map(({ code }) => code ?? response.status).join(', '),
    response: { status: response.status, headers: listed(response.headers), size: exchange.bytes.sent },
    latencies: latencies(exchange),
    ...(match && { tries: tries(exchange), route: shownInWorkspace(match.route) }),
    ...(match?.service && { service: shownInWorkspace(match.service) }),
    ...(consumer && { consumer: shown(consumer) }),
    ...(credential && { authenticated_entity: { id: credential.id } }),
    ...(exchange.correlationId !== undefined && { correlation_id: exchange.correlationId }),
    ...(exchange.traceIds && { trace_id: exchange.traceIds }),
    client_ip: exchange.client.ip,
    started_at: exchange.startedAt,
    source: response.source === 'service' ? 'upstream' : 'kong',
    workspace: WORKSPACE.id,
    workspace_name: WORKSPACE.name,
  }
}
