import type { RouteMatch } from '../exchange.ts'
import type { HeaderList } from '../http1/header-list.ts'
import { forwardedLines } from './forwarded.ts'
import type { ProxyExchange } from './proxy-exchange.ts'

/** Fields that are the proxy's to write; what stands in the request under these names is not sent. */
const OWN = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-path',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-kong-request-id',
  'x-real-ip',
])

interface Outgoing {
  exchange: ProxyExchange
  match: RouteMatch
  /** The peer's own name for itself. */
  peerHost: string
  /** `Content-Length: …`, `Transfer-Encoding: chunked`, or nothing. */
  framing: string
  /** How we name ourselves in Via. */
  product: string
}

export function isWebSocketUpgrade(fields: HeaderList): boolean {
  return fields.get('upgrade')?.toLowerCase() === 'websocket'
}

/** The head of the request as it goes upstream. */
export function upstreamRequestHead({ exchange, match, peerHost, framing, product }: Outgoing): string {
  const { upstream, request, head } = exchange
  const query = upstream.query === undefined ? '' : `?${upstream.query}`
  const upgrade = isWebSocketUpgrade(request.headers)
  const trailers = acceptsTrailers(request.headers)
  const via = request.headers.get('via')
  return (
    `${upstream.method} ${upstream.path}${query} HTTP/1.1\r\n` +
    `Host: ${upstream.host ?? hostFor(exchange, match, peerHost)}\r\n` +
    (upgrade ? 'Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n' : 'Connection: keep-alive\r\n') +
    forwardedLines(exchange, match) +
    `X-Kong-Request-Id: ${exchange.id}\r\n` +
    `Via: ${via === undefined ? '' : `${via}, `}${head.minor === 0 ? '1' : '1.1'} ${product}\r\n` +
    (trailers ? 'TE: trailers\r\n' : '') +
    framing +
    upstream.headers.linesWithout(OWN) +
    '\r\n'
  )
}

export function acceptsTrailers(fields: HeaderList): boolean {
  const te = fields.get('te')
  return te?.split(',').some((coding) => coding.trim() === 'trailers') ?? false
}

function hostFor({ request }: ProxyExchange, { route }: RouteMatch, peerHost: string): string {
  return (route.preserve_host && request.headers.get('host')) || peerHost
}
