import { formatFor, renderError } from '../error-answer.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { HeaderList } from '../http1/header-list.ts'
import { barePage, errorPage, hasErrorPage } from './bare-page.ts'

export interface OwnAnswer {
  status: number
  headers: HeaderList
  body: Buffer
}

/** nginx's status for HTTP where it expects TLS, which the client sees as 400. */
export const PLAIN_TO_TLS = 497

const NOTHING = Buffer.alloc(0)

/** An answer of the gateway with its body in bytes; one without a body gets nginx's or Kong's page for its status. */
export function ownAnswer(exchange: Exchange, answer: Answer): OwnAnswer {
  if (answer.body === undefined && hasErrorPage(answer.status)) return failure(exchange, answer.status)
  const headers = new HeaderList()
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    for (const line of Array.isArray(value) ? value : [value]) headers.append(name, line)
  return { status: answer.status, headers, body: bodyOf(answer, headers) }
}

/** A failure that no plugin has worded: in the format of Accept, else of the request's own type, else plain text. */
export function failure(exchange: Exchange, status: number, message?: string): OwnAnswer {
  if (status === PLAIN_TO_TLS) return plainToTls()
  const page = hasErrorPage(status) ? undefined : barePage(status)
  if (page !== undefined) return pageAnswer(status, 'text/html; charset=UTF-8', page)
  const { headers: sent } = exchange.request
  const accept = sent.getAll('accept')
  const wanted = accept.length > 0 ? accept.join(',') : sent.get('content-type')
  const format = wanted === undefined ? 'plain' : formatFor(wanted)
  const { headers: fields, body } = renderError(format, exchange.id, status, message)
  const headers = new HeaderList()
  for (const [name, value] of Object.entries(fields)) headers.append(name, value)
  // 494 is nginx's internal name for a header that is too large.
  return { status: status === 494 ? 400 : status, headers, body: Buffer.from(body) }
}

/** Not among the errors that Kong words itself. */
function plainToTls(): OwnAnswer {
  const page = errorPage('400 The plain HTTP request was sent to HTTPS port', [
    '<h1>400 Bad Request</h1>',
    'The plain HTTP request was sent to HTTPS port',
  ])
  return pageAnswer(400, 'text/html', page)
}

function pageAnswer(status: number, type: string, page: string): OwnAnswer {
  const headers = new HeaderList()
  headers.set('Content-Type', type)
  return { status, headers, body: Buffer.from(page) }
}

function bodyOf({ status, body }: Answer, headers: HeaderList): Buffer {
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body)
  if (body !== undefined) {
    if (!headers.has('content-type')) headers.append('Content-Type', 'application/json; charset=utf-8')
    return Buffer.from(JSON.stringify(body))
  }
  const page = barePage(status)
  if (page === undefined) return NOTHING
  headers.set('Content-Type', 'text/html')
  return Buffer.from(page)
}
