import type { HeaderList } from '../../http1/header-list.ts'

/** What a request says of the trace that it belongs to. Ids are hexadecimal. */
export interface ReceivedContext {
  /** Whole bytes, as many as came. */
  traceId?: string
  spanId?: string
  /** Whether those before us record the trace. */
  sampled?: boolean
  /** Of B3: X-B3-Flags, or the `d` that stands for its 1. */
  flags?: string
  /** Of B3: it came in the one header that has all. */
  single?: boolean
}

/** What the upstream is told. */
export interface SentContext {
  /** 32 digits. */
  traceId: string
  /** As many digits as the trace's id had when it came; undefined for a trace that begins here. */
  digits: number | undefined
  spanId: string
  parentId: string | undefined
  sampled: boolean
  flags?: string | undefined
}

export interface TraceFormat {
  /** Undefined where the request has nothing in this format, or nothing that makes sense. */
  read(headers: HeaderList): ReceivedContext | undefined
  write(context: SentContext): Record<string, string>
  /** As the format writes the id. */
  traceId(context: SentContext): string
}

const ZEROS = /^0*$/
const hex = (text: string | undefined, ...lengths: number[]): string | undefined =>
  text !== undefined && lengths.includes(text.length) && /^[0-9a-f]+$/i.test(text) && !ZEROS.test(text)
    ? text.toLowerCase()
    : undefined

const flag = (text: string | undefined): boolean | undefined => {
  if (text === '1' || text === 'true') return true
  return text === '0' || text === 'false' ? false : undefined
}

/** Of up to so many digits. */
const wholeBytes = (text: string, most = 16): string | undefined =>
  text.length <= most ? hex(text.padStart(text.length + (text.length % 2), '0'), ...EVEN_LENGTHS) : undefined

const EVEN_LENGTHS = Array.from({ length: 16 }, (_, at) => 2 * (at + 1))

const MOST_DECIMAL = 2n ** 64n
const fromDecimal = (text: string | undefined): string | undefined => {
  const digits = /^\s*(\d{1,20})\s*$/.exec(text ?? '')?.[1]
  if (digits === undefined || BigInt(digits) >= MOST_DECIMAL) return undefined
  return wholeBytes(BigInt(digits).toString(16))
}
const toDecimal = (digits: string): string => BigInt(`0x${digits.slice(-16)}`).toString()

const digit = (sampled: boolean) => (sampled ? '1' : '0')
/** Formats that know ids of 64 and of 128 bits keep to what came, and have their own custom otherwise. */
const sized =
  (usual: 16 | 32) =>
  ({ traceId, digits }: SentContext) =>
    traceId.slice(-(digits === 16 || digits === 32 ? digits : usual))
const long = sized(32)
const short = sized(16)
const whole = ({ traceId }: SentContext) => traceId

/** https://www.w3.org/TR/trace-context/ */
const w3c: TraceFormat = {
  read(headers) {
    const [, trace, span, flags] =
      /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/i.exec(headers.get('traceparent') ?? '') ?? []
    const [traceId, spanId] = [hex(trace, 32), hex(span, 16)]
    return traceId && spanId && flags ? { traceId, spanId, sampled: Number.parseInt(flags, 16) % 2 === 1 } : undefined
  },
  write: ({ traceId, spanId, sampled }) => ({ traceparent: `00-${traceId}-${spanId}-0${digit(sampled)}` }),
  traceId: whole,
}

const DEBUG = { flags: '1' }
const B3_SINGLE = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d]))?(?:-[0-9a-f]{16})?$/i

function readSingle(header: string): ReceivedContext | undefined {
  if (/^[01d]$/.test(header)) return { sampled: header !== '0', single: true, ...(header === 'd' && DEBUG) }
  const [, traceId, spanId, sampled] = B3_SINGLE.exec(header) ?? []
  if (!traceId || !spanId) return undefined
  return {
    traceId: traceId.toLowerCase(),
    spanId: spanId.toLowerCase(),
    single: true,
    ...(sampled && { sampled: sampled !== '0' }),
    ...(sampled === 'd' && DEBUG),
  }
}

/** The one header may also travel in the vendors' list of W3C. */
const singleHeader = (headers: HeaderList): string | undefined =>
  headers.get('b3') ??
  headers
    .getAll('tracestate')
    .find((line) => line.startsWith('b3='))
    ?.slice('b3='.length)

/** https://github.com/openzipkin/b3-propagation */
const b3: TraceFormat = {
  read(headers) {
    const single = singleHeader(headers)
    const found = single === undefined ? undefined : readSingle(single)
    if (found) return found
    const flags = headers.get('x-b3-flags')
    const sampled = flags === '1' ? true : flag(headers.get('x-b3-sampled'))
    const [traceId, spanId] = [hex(headers.get('x-b3-traceid'), 16, 32), hex(headers.get('x-b3-spanid'), 16)]
    if (traceId === undefined && sampled === undefined) return undefined
    return {
      ...(traceId && { traceId, ...(spanId && { spanId }) }),
      ...(sampled !== undefined && { sampled }),
      ...(flags !== undefined && { flags }),
    }
  },
  write: (context) => ({
    'x-b3-traceid': long(context),
    'x-b3-spanid': context.spanId,
    ...(context.flags === undefined ? { 'x-b3-sampled': digit(context.sampled) } : { 'x-b3-flags': context.flags }),
    ...(context.parentId && { 'x-b3-parentspanid': context.parentId }),
  }),
  traceId: long,
}

const b3Single: TraceFormat = {
  read: b3.read,
  write: (context) => ({
    b3: [
      long(context),
      context.spanId,
      context.flags === DEBUG.flags ? 'd' : digit(context.sampled),
      ...(context.parentId ? [context.parentId] : []),
    ].join('-'),
  }),
  traceId: long,
}

const jaeger: TraceFormat = {
  read(headers) {
    const found = /^([0-9a-f]{1,32}):([0-9a-f]{1,16}):[0-9a-f]+:([0-9a-f]{1,2})$/i.exec(
      headers.get('uber-trace-id') ?? '',
    )
    const [, trace = '', span = '', flags = ''] = found ?? []
    const [traceId, spanId] = [wholeBytes(trace, 32), hex(span.padStart(16, '0'), 16)]
    return traceId && spanId ? { traceId, spanId, sampled: Number.parseInt(flags, 16) % 2 === 1 } : undefined
  },
  write: (context) => ({
    'uber-trace-id': `${long(context)}:${context.spanId}:${context.parentId ?? '0'}:0${digit(context.sampled)}`,
  }),
  traceId: long,
}

const ot: TraceFormat = {
  read(headers) {
    const sampled = flag(headers.get('ot-tracer-sampled'))
    const [traceId, spanId] = [hex(headers.get('ot-tracer-traceid'), 16, 32), hex(headers.get('ot-tracer-spanid'), 16)]
    if (traceId === undefined && sampled === undefined) return undefined
    return { ...(traceId && { traceId, ...(spanId && { spanId }) }), ...(sampled !== undefined && { sampled }) }
  },
  write: (context) => ({
    'ot-tracer-traceid': short(context),
    'ot-tracer-spanid': context.spanId,
    'ot-tracer-sampled': digit(context.sampled),
  }),
  traceId: short,
}

const PRIORITIES: Record<string, boolean> = { '-1': false, '0': false, '1': true, '2': true }

const datadog: TraceFormat = {
  read(headers) {
    const sampled = PRIORITIES[headers.get('x-datadog-sampling-priority') ?? '']
    const [traceId, spanId] = [
      fromDecimal(headers.get('x-datadog-trace-id')),
      fromDecimal(headers.get('x-datadog-parent-id'))?.padStart(16, '0'),
    ]
    if (traceId === undefined && sampled === undefined) return undefined
    return { ...(traceId && { traceId, ...(spanId && { spanId }) }), ...(sampled !== undefined && { sampled }) }
  },
  write: ({ traceId, spanId, sampled }) => ({
    'x-datadog-trace-id': toDecimal(traceId),
    'x-datadog-parent-id': toDecimal(spanId),
    'x-datadog-sampling-priority': digit(sampled),
  }),
  traceId: ({ traceId }) => toDecimal(traceId),
}

const aws: TraceFormat = {
  read(headers) {
    const pairs = (headers.get('x-amzn-trace-id') ?? '')
      .split(';')
      .map((pair) => pair.split('=').map((text) => text.trim()))
    const { Root, Parent, Sampled } = Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >
    const [, time, unique] = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/i.exec(Root ?? '') ?? []
    const traceId = hex(`${time}${unique}`, 32)
    if (traceId === undefined) return undefined
    const [spanId, sampled] = [hex(Parent, 16), flag(Sampled)]
    return { traceId, ...(spanId && { spanId }), ...(sampled !== undefined && { sampled }) }
  },
  write: ({ traceId, spanId, sampled }) => ({
    'x-amzn-trace-id': `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=${digit(sampled)}`,
  }),
  traceId: whole,
}

const gcp: TraceFormat = {
  read(headers) {
    const [, trace, span, flags] =
      /^([0-9a-f]{32})\/(\d+)(?:;o=(\d))?$/i.exec(headers.get('x-cloud-trace-context') ?? '') ?? []
    const [traceId, spanId] = [hex(trace, 32), fromDecimal(span)?.padStart(16, '0')]
    return traceId && spanId ? { traceId, spanId, sampled: flags === '1' } : undefined
  },
  write: ({ traceId, spanId, sampled }) => ({
    'x-cloud-trace-context': `${traceId}/${toDecimal(spanId)};o=${digit(sampled)}`,
  }),
  traceId: whole,
}

/** By the names that the config uses. */
export const formats = { w3c, b3, 'b3-single': b3Single, jaeger, ot, datadog, aws, gcp }

export type FormatName = keyof typeof formats
