import type { Exchange } from '../../exchange.ts'

/** One span as OTLP has it in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
export type Span = Record<string, unknown>

/** The trace as it is known for one request. */
export interface Trace {
  traceId: string
  /** Of the span that whoever called us is in. */
  parentId: string | undefined
  /** Of the request's span, and of the upstream's as it was told. */
  rootId: string
  upstreamId: string
}

const SERVER = 2
const CLIENT = 3
const ERROR = 2

type Value = string | number | boolean | undefined

export const attributes = (values: Record<string, Value>) =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: attributeValue(value) }))

function attributeValue(value: Value) {
  if (typeof value === 'number') return { intValue: String(value) }
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value }
}

const nanoseconds = (milliseconds: number) => `${milliseconds}000000`

/** The request as a whole, and each try to get it answered upstream. The last one has the id that the upstream knows. */
export function spansOf(exchange: Exchange, trace: Trace, newId: () => string): Span[] {
  const { tries } = exchange
  return [rootSpan(exchange, trace), ...tries.map((_, at) => trySpan(exchange, trace, at, newId))]
}

function rootSpan({ startedAt, latency, request, response, match, client, id }: Exchange, trace: Trace): Span {
  return {
    traceId: trace.traceId,
    spanId: trace.rootId,
    ...(trace.parentId && { parentSpanId: trace.parentId }),
    name: 'kong',
    kind: SERVER,
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(startedAt + latency.total),
    attributes: attributes({
      'http.method': request.method,
      'http.url': `${request.scheme}://${request.host}${request.target}`,
      'http.host': request.host,
      'http.scheme': request.scheme,
      'http.status_code': response.status,
      'http.route': match?.route.paths?.[0],
      'net.peer.ip': client.ip,
      'kong.request.id': id,
    }),
    ...(response.status >= 500 && { status: { code: ERROR } }),
  }
}

function trySpan(exchange: Exchange, trace: Trace, at: number, newId: () => string): Span {
  const { tries, startedAt, latency } = exchange
  const one = tries[at] as Exchange['tries'][number]
  const isLast = at === tries.length - 1
  const end = isLast ? startedAt + latency.gateway + (latency.upstream ?? 0) : (tries[at + 1]?.startedAt ?? 0)
  return {
    traceId: trace.traceId,
    spanId: isLast ? trace.upstreamId : newId(),
    parentSpanId: trace.rootId,
    name: 'kong.balancer',
    kind: CLIENT,
    startTimeUnixNano: nanoseconds(one.startedAt),
    endTimeUnixNano: nanoseconds(Math.max(one.startedAt, end)),
    attributes: attributes({
      'net.peer.ip': one.ip,
      'net.peer.port': one.port,
      'net.peer.name': exchange.match?.service?.host,
      try_count: at + 1,
      'http.status_code': one.code ?? exchange.response.status,
    }),
    ...(one.failure !== undefined && { status: { code: ERROR, message: one.failure } }),
  }
}
