import type { Service } from '../entities.ts'
import type { ProxyExchange } from './proxy-exchange.ts'
import type { BodySink, RequestBody } from './request-body.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

interface Outgoing {
  exchange: ProxyExchange
  body: RequestBody | undefined
  service: Service
  connection: UpstreamConnection
  /** The request's head; `framing` is its Content-Length or Transfer-Encoding line. */
  head: (framing: string) => string
  /** The last byte has been handed over. */
  complete: () => void
}

/** Writes a request on an upstream connection: its head, and its body as it arrives. */
export function sendRequest({ exchange, body, service, connection, head, complete }: Outgoing): void {
  const { method, body: replacement } = exchange.upstream
  const length = replacement?.length ?? body?.knownLength ?? exchange.request.contentLength
  connection.expectResponse({ bodyless: method === 'HEAD', readTimeout: service.read_timeout })
  connection.write(head(framing(exchange, length)))
  if (replacement !== undefined) connection.write(replacement)
  if (replacement !== undefined || !body) complete()
  else body.pipe(bodySink(connection, service.write_timeout, length === undefined, complete))
}

function framing({ request }: ProxyExchange, length: number | undefined): string {
  if (length === undefined) return 'Transfer-Encoding: chunked\r\n'
  return length > 0 || request.headers.has('content-length') ? `Content-Length: ${length}\r\n` : ''
}

function bodySink(connection: UpstreamConnection, timeout: number, chunked: boolean, complete: () => void): BodySink {
  function write(data: string | Uint8Array): boolean {
    const flowing = connection.write(data)
    if (!flowing) connection.limitWrite(timeout)
    return flowing
  }
  return {
    write(piece) {
      if (!chunked) return write(piece)
      write(`${piece.length.toString(16)}\r\n`)
      write(piece)
      return write('\r\n')
    },
    end() {
      if (chunked) write('0\r\n\r\n')
      complete()
    },
  }
}
