import { STATUS_CODES } from 'node:http'
import type { ResponseHead } from '../exchange.ts'
import type { Runner } from '../plugins/runner.ts'
import type { ClientWriter } from './client-writer.ts'
import type { OwnAnswer } from './own-answer.ts'
import type { ProxyExchange } from './proxy-exchange.ts'
import { signResponse } from './response-fields.ts'

const NOTHING = Buffer.alloc(0)

interface ResponseWriterOptions {
  exchange: ProxyExchange
  runner: Runner
  writer: ClientWriter
  product: string
  /** Whether the client's connection may carry another request. */
  keepAlive: boolean
}

/** Writes one answer to the client: header filters, framing, body filters. */
export class ResponseWriter {
  readonly #options: ResponseWriterOptions
  #framing: 'none' | 'plain' | 'chunked' = 'none'
  #filtered = false
  /** The upstream's own: what filters make of the field is not sent. */
  #via: string[] = []
  /** The head has been written. */
  begun = false
  /** Whether the connection can go on after this answer. */
  keepAlive: boolean

  constructor(options: ResponseWriterOptions) {
    this.#options = options
    this.keepAlive = options.keepAlive
  }

  /** Takes an answer of the gateway as a whole; `source` says whose it is, and whose fault. */
  whole({ status, headers, body }: OwnAnswer, source: ResponseHead['source']): void {
    const { exchange, runner, writer } = this.#options
    exchange.response = { status, headers, source }
    this.#filterHead()
    headers.delete('transfer-encoding')
    const filtered = runner.hasBodyFilter(exchange) ? runner.bodyFilter(exchange, body, true) : body
    const bodyless = isBodyless(exchange)
    if (mayHaveLength(exchange.response.status)) headers.set('Content-Length', String(filtered.length))
    this.#writeHead()
    if (!bodyless && filtered.length > 0) writer.add(filtered)
  }

  /** Takes the upstream's head, already in `exchange.response`; the body follows in pieces. */
  head(): void {
    const { exchange, runner } = this.#options
    this.#filterHead()
    this.#filtered = runner.hasBodyFilter(exchange)
    const { headers, status } = exchange.response
    // How the answer is framed is said below, whatever a filter has written.
    headers.delete('transfer-encoding')
    // A filter may make the body longer or shorter: its length is not known yet.
    if (this.#filtered && !isBodyless(exchange)) headers.delete('content-length')
    if (isBodyless(exchange) || status === 101) this.#framing = 'none'
    else if (headers.has('content-length')) this.#framing = 'plain'
    else this.#frameUnknownLength()
    this.#writeHead()
  }

  piece(piece: Buffer): void {
    if (!this.#filtered) {
      this.#addPiece(piece)
      return
    }
    const { exchange, runner } = this.#options
    // Filters may keep what they are given, but the piece's memory is used again.
    this.#addPiece(runner.bodyFilter(exchange, Buffer.from(piece), false))
  }

  end(): void {
    const { exchange, runner, writer } = this.#options
    if (this.#filtered) this.#addPiece(runner.bodyFilter(exchange, NOTHING, true))
    if (this.#framing === 'chunked') writer.add('0\r\n\r\n')
  }

  #filterHead(): void {
    const { exchange, runner } = this.#options
    this.#via = exchange.response.headers.getAll('via')
    runner.headerFilter(exchange)
  }

  #addPiece(piece: Buffer): void {
    if (piece.length === 0) return
    if (this.#framing === 'chunked') this.#options.writer.addChunk(piece)
    else if (this.#framing === 'plain') this.#options.writer.add(piece)
  }

  #frameUnknownLength(): void {
    const { exchange } = this.#options
    if (exchange.head.minor === 1) {
      this.#framing = 'chunked'
      exchange.response.headers.set('Transfer-Encoding', 'chunked')
      return
    }
    this.#framing = 'plain'
    this.keepAlive = false
  }

  #writeHead(): void {
    const { exchange, writer, product } = this.#options
    signResponse(exchange, product, this.#via)
    const { status, headers } = exchange.response
    // As nginx does: where there is nothing, it is of no type.
    if (status === 204) headers.delete('content-type')
    if (!headers.has('connection')) headers.append('Connection', this.keepAlive ? 'keep-alive' : 'close')
    this.begun = true
    writer.add(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${headers.linesWithout(NONE)}\r\n`)
  }
}

const NONE: ReadonlySet<string> = new Set()

/** RFC 9110 §6.4.1. */
function isBodyless({ request, response }: ProxyExchange): boolean {
  return request.method === 'HEAD' || !mayHaveLength(response.status)
}

function mayHaveLength(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304
}
