import type { HeaderList } from '../http1/header-list.ts'
import type { ProxyExchange } from './proxy-exchange.ts'

/** Types to which nginx adds its `charset UTF-8` when they name none. */
const TEXT_TYPES = new Set([
  'text/html',
  'text/xml',
  'text/plain',
  'text/vnd.wap.wml',
  'application/javascript',
  'application/rss+xml',
])

/** What the gateway writes on an answer after all plugins: who has answered, and how long it took. */
export function signResponse(exchange: ProxyExchange, product: string, via: readonly string[]): void {
  const { status, headers, source } = exchange.response
  if (source === 'exit') {
    headers.set('X-Kong-Response-Latency', String(Date.now() - exchange.startedAt))
    headers.set('Server', product)
  } else {
    headers.set('X-Kong-Upstream-Latency', String(exchange.latency.upstream ?? 0))
    headers.set('X-Kong-Proxy-Latency', String(exchange.latency.gateway))
    headers.set('Via', [...via, `1.1 ${product}`].join(', '))
    if (!headers.has('server')) headers.set('Server', product)
  }
  headers.set('X-Kong-Request-Id', exchange.id)
  if (!headers.has('date')) headers.add('date', 'Date', httpDate())
  addCharset(status, headers)
}

function addCharset(status: number, headers: HeaderList): void {
  const type = headers.get('content-type')
  if (type === undefined || !TEXT_TYPES.has(type.toLowerCase())) return
  // nginx leaves redirects alone, and what is not text any more.
  if (status === 301 || status === 302 || headers.has('content-encoding')) return
  headers.set('Content-Type', `${type}; charset=UTF-8`)
}

let date = ''
let dateSecond = 0

function httpDate(): string {
  const second = Math.floor(Date.now() / 1000)
  if (second !== dateSecond) {
    dateSecond = second
    date = new Date(second * 1000).toUTCString()
  }
  return date
}
