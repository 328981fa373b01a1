import { randomBytes, randomUUID } from 'node:crypto'
import type { Exchange } from '../../exchange.ts'
import type { Plugin } from '../../plugin.ts'
import { enqueue, type QueueRecipe } from '../batch-queue.ts'
import { answerField } from '../field-values.ts'
import { createPoster } from '../post-http.ts'
import { type QueueSettings, withFormer } from '../queue-fields.ts'
import { extract, inject, type Propagation, propagationOf } from './propagation.ts'
import { attributes, spansOf, type Trace } from './spans.ts'
import type { FormatName } from './trace-context.ts'

interface Config {
  traces_endpoint: string
  headers: Record<string, string> | null
  resource_attributes: Record<string, string> | null
  queue: QueueSettings
  /** The names that two of the queue's settings had before. */
  batch_span_count: number | null
  batch_flush_delay: number | null
  /** In milliseconds. */
  read_timeout: number
  http_response_header_for_traceid: string | null
  header_type: FormatName | 'preserve' | 'ignore' | null
  sampling_rate: number | null
  propagation: Propagation
}

interface Prepared {
  propagation: Propagation
  sampling_rate: number | null
  traceHeader: string | null
  recipe: QueueRecipe<string>
}

const IDLE = 60_000
const INSTANCE = randomUUID()

function prepare(config: Config): Prepared {
  const { traces_endpoint, headers, queue, batch_span_count, batch_flush_delay } = config
  const resource = { 'service.name': 'kong', 'service.instance.id': INSTANCE, ...config.resource_attributes }
  const poster = createPoster({
    url: traces_endpoint,
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    timeout: config.read_timeout,
    keepalive: IDLE,
  })
  const head = `{"resourceSpans":[{"resource":${JSON.stringify({ attributes: attributes(resource) })},`
  return {
    propagation: propagationOf(config.propagation, config.header_type),
    sampling_rate: config.sampling_rate,
    traceHeader: config.http_response_header_for_traceid,
    recipe: {
      key: `opentelemetry ${JSON.stringify(config)}`,
      name: `opentelemetry to ${new URL(traces_endpoint).host}`,
      settings: withFormer(queue, {
        max_batch_size: { value: batch_span_count, default: 200 },
        max_coalescing_delay: { value: batch_flush_delay, default: 3 },
      }),
      deliver: (spans) =>
        poster.post(`${head}"scopeSpans":[{"scope":{"name":"kong-internal"},"spans":[${spans.join(',')}]}]}]}`),
    },
  }
}

const newTraceId = () => randomBytes(16).toString('hex')
const newSpanId = () => randomBytes(8).toString('hex')

/** Of the id's last 52 bits: whoever else samples by the same rate records the same traces. */
const isWithin = (rate: number, traceId: string) => Number.parseInt(traceId.slice(-13), 16) < rate * 2 ** 52

const traces = new WeakMap<Exchange, { trace: Trace; sampled: boolean }>()

export const handler: Plugin<Config, Prepared> = {
  name: 'opentelemetry',
  priority: 14,
  prepare,

  access({ propagation, sampling_rate }, exchange) {
    const found = extract(propagation, exchange.request.headers)
    const { traceId: given, spanId: parentId, sampled: before, flags } = found.context
    const traceId = given?.padStart(32, '0') ?? newTraceId()
    // What those before us do not record nobody records; of the rest a rate decides, where one is declared.
    const sampled = before !== false && (sampling_rate === null || isWithin(sampling_rate, traceId))
    const trace: Trace = { traceId, parentId, rootId: newSpanId(), upstreamId: newSpanId() }
    traces.set(exchange, { trace, sampled })
    const told = { traceId, spanId: trace.upstreamId, parentId: trace.rootId, sampled, flags, digits: given?.length }
    exchange.traceIds = inject(propagation, found, exchange.upstream.headers, told)
    return undefined
  },

  headerFilter({ traceHeader }, exchange) {
    const traced = traces.get(exchange)
    if (traceHeader !== null && traced) exchange.response.headers.append(answerField(traceHeader), traced.trace.traceId)
  },

  log({ recipe }, exchange, gateway) {
    const traced = traces.get(exchange)
    if (!traced?.sampled) return
    for (const span of spansOf(exchange, traced.trace, newSpanId)) {
      const entry = JSON.stringify(span)
      enqueue(gateway, recipe, entry, Buffer.byteLength(entry))
    }
  },
}
