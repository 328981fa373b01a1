import { expect } from 'chai'
import { type Collector, startCollector } from '../collector.ts'
import { onService, type Rehearsal, rehearse } from '../rehearsal.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const told = (sampled = '01') => ({ traceparent: `00-${TRACE}-${SPAN}-${sampled}` })

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: { key: string; value: Record<string, unknown> }[]
}

describe('opentelemetry', () => {
  let collector: Collector
  let rehearsal: Rehearsal

  beforeEach(async () => {
    collector = await startCollector()
  })
  afterEach(async () => {
    rehearsal.close()
    await collector.stop()
  })

  function tracing(config: object = {}, plugins: object[] = []): Rehearsal {
    const declared = {
      traces_endpoint: `${collector.url}/v1/traces`,
      queue: { max_batch_size: 200, max_coalescing_delay: 0.02 },
      ...config,
    }
    rehearsal = rehearse(onService([{ name: 'opentelemetry', config: declared }, ...plugins]))
    return rehearsal
  }
  const upstreamHeader = async (name: string, headers: Record<string, string> = {}) =>
    (await rehearsal.send({ headers })).upstream?.headers.get(name)

  interface Exported {
    resourceSpans: { resource: { attributes: unknown[] }; scopeSpans: { spans: Span[] }[] }[]
  }
  const exported = () => collector.received.map(({ json }) => (json as Exported).resourceSpans[0])
  const spans = () => exported().flatMap((resource) => resource?.scopeSpans[0]?.spans ?? [])

  it('begins a trace and tells the upstream', async () => {
    tracing()
    expect(await upstreamHeader('traceparent')).to.match(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(await upstreamHeader('traceparent')).not.to.equal(await upstreamHeader('traceparent'))
  })

  it('goes on with the trace that the request brings, as a span of its own', async () => {
    tracing()
    const header = await upstreamHeader('traceparent', told())
    expect(header).to.match(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`))
    expect(header).not.to.include(SPAN)
  })

  for (const traceparent of [
    '',
    'x',
    `01-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
  ])
    it(`begins its own where traceparent is '${traceparent}'`, async () => {
      tracing()
      expect(await upstreamHeader('traceparent', { traceparent })).to.match(/^00-(?!0af7)[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    })

  const decimal = (hex: string) => BigInt(`0x${hex}`).toString()
  for (const [format, sent, expected] of [
    [
      'b3',
      { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' },
      { 'x-b3-traceid': TRACE, 'x-b3-sampled': '1' },
    ],
    ['b3 of 64 bits', { 'x-b3-traceid': SPAN, 'x-b3-spanid': SPAN }, { 'x-b3-traceid': SPAN }],
    ['b3 in one header', { b3: `${TRACE}-${SPAN}-0` }, { b3: new RegExp(`^${TRACE}-[0-9a-f]{16}-0-[0-9a-f]{16}$`) }],
    [
      'jaeger',
      { 'uber-trace-id': `${TRACE}:${SPAN}:0:1` },
      { 'uber-trace-id': new RegExp(`^${TRACE}:[0-9a-f]{16}:[0-9a-f]{16}:01$`) },
    ],
    [
      'short jaeger ids',
      { 'uber-trace-id': 'abc:1:0:0' },
      { 'uber-trace-id': /^0{29}abc:[0-9a-f]{16}:[0-9a-f]{16}:00$/ },
    ],
    [
      'the debug flag of b3',
      { b3: `${TRACE}-${SPAN}-d` },
      { b3: new RegExp(`^${TRACE}-[0-9a-f]{16}-d-[0-9a-f]{16}$`) },
    ],
    [
      'X-B3-Flags',
      { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-flags': '1' },
      { 'x-b3-flags': '1', 'x-b3-traceid': TRACE },
    ],
    [
      'b3 in tracestate',
      { tracestate: `b3=${TRACE}-${SPAN}-1` },
      { b3: new RegExp(`^${TRACE}-[0-9a-f]{16}-1-[0-9a-f]{16}$`) },
    ],
    [
      'ot',
      { 'ot-tracer-traceid': SPAN, 'ot-tracer-spanid': SPAN, 'ot-tracer-sampled': '0' },
      { 'ot-tracer-traceid': SPAN, 'ot-tracer-sampled': '0' },
    ],
    [
      'datadog',
      { 'x-datadog-trace-id': decimal(SPAN), 'x-datadog-parent-id': '7' },
      { 'x-datadog-trace-id': decimal(SPAN) },
    ],
    [
      'aws',
      { 'x-amzn-trace-id': `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${SPAN};Sampled=1` },
      {
        'x-amzn-trace-id': new RegExp(`^Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=[0-9a-f]{16};Sampled=1$`),
      },
    ],
    [
      'gcp',
      { 'x-cloud-trace-context': `${TRACE}/7;o=1` },
      { 'x-cloud-trace-context': new RegExp(`^${TRACE}/\\d+;o=1$`) },
    ],
  ] as [string, Record<string, string>, Record<string, string | RegExp>][])
    it(`reads ${format} and answers in kind`, async () => {
      const { upstream } = await tracing().send({ headers: sent })
      for (const [name, value] of Object.entries(expected))
        if (value instanceof RegExp) expect(upstream?.headers.get(name)).to.match(value)
        else expect(upstream?.headers.get(name)).to.equal(value)
      expect(upstream?.headers.has('traceparent')).to.equal(false)
    })

  it('gives a new trace 64 bits in the format of OpenTracing, and 128 in that of B3', async () => {
    const { upstream } = await tracing({ propagation: { default_format: 'w3c', inject: ['ot', 'b3'] } }).send()
    expect(upstream?.headers.get('ot-tracer-traceid')).to.match(/^[0-9a-f]{16}$/)
    expect(upstream?.headers.get('x-b3-traceid')).to.match(/^[0-9a-f]{32}$/)
  })

  it('reads, writes and clears what the config names, in that order', async () => {
    const propagation = {
      default_format: 'w3c',
      extract: ['w3c', 'b3'],
      inject: ['preserve', 'datadog'],
      clear: ['x-b3-traceid', 'tracestate'],
    }
    const both = { ...told(), 'x-b3-traceid': SPAN, tracestate: 'a=b' }
    const { upstream, exchange } = await tracing({ propagation }).send({ headers: both })
    expect(upstream?.headers.get('traceparent')).to.include(TRACE)
    expect(upstream?.headers.get('x-datadog-trace-id')).to.equal(decimal(TRACE.slice(16)))
    expect(upstream?.headers.has('x-b3-traceid')).to.equal(false)
    expect(upstream?.headers.has('tracestate')).to.equal(false)
    expect(exchange.traceIds).to.deep.equal({ w3c: TRACE, datadog: decimal(TRACE.slice(16)) })
  })

  it('exports the request as a span, with what its config adds', async () => {
    tracing({ headers: { 'X-Key': 'k' }, resource_attributes: { 'service.name': 'edge' } })
    await rehearsal.send({ path: '/a?b', headers: told(), reply: { status: 503 } })
    await collector.arrived(1)
    const [{ url, headers }] = collector.received as [Collector['received'][number]]
    expect([url, headers['x-key'], headers['content-type']]).to.deep.equal(['/v1/traces', 'k', 'application/json'])
    expect(exported()[0]?.resource.attributes).to.deep.include({ key: 'service.name', value: { stringValue: 'edge' } })
    const [span] = spans() as [Span]
    expect(span).to.include({ traceId: TRACE, parentSpanId: SPAN, name: 'kong', kind: 2 })
    expect(span.attributes).to.deep.include({ key: 'http.status_code', value: { intValue: '503' } })
    expect(span.attributes).to.deep.include({ key: 'http.method', value: { stringValue: 'GET' } })
    expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).to.equal(true)
  })

  it('exports many requests together', async () => {
    tracing()
    for (let at = 0; at < 20; at++) await rehearsal.send()
    await collector.arrived(20, () => spans().length)
    expect(collector.received.length).to.be.lessThan(20)
  })

  it('records what those before it record, unless a rate is declared', async () => {
    tracing()
    expect(await upstreamHeader('traceparent', told('00'))).to.match(/-00$/)
    await upstreamHeader('traceparent', told('01'))
    await collector.arrived(1)
    expect(spans()).to.have.length(1)
    rehearsal.close()
    tracing({ sampling_rate: 0 })
    expect(await upstreamHeader('traceparent', told('01'))).to.match(/-00$/)
    rehearsal.close()
    tracing({ sampling_rate: 1 })
    expect(await upstreamHeader('traceparent', told('01'))).to.match(/-01$/)
    expect(await upstreamHeader('traceparent', told('00'))).to.match(/-00$/)
  })

  it('tells the client the trace when asked to', async () => {
    const { headers } = await tracing({ http_response_header_for_traceid: 'X-Trace-Id' }).send({ headers: told() })
    expect(headers.get('x-trace-id')).to.equal(TRACE)
  })
})
