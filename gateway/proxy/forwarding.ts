import type { NextPeer } from '../balancer/balancer.ts'
import { NoPeer, type Peer } from '../balancer/peer.ts'
import type { Service } from '../entities.ts'
import type { UpstreamResponseHead } from '../http1/upstream-response-head.ts'
import type { ProxyExchange } from './proxy-exchange.ts'
import type { BodySink, RequestBody } from './request-body.ts'
import type { UpstreamConnection, UpstreamFailure, UpstreamListener } from './upstream-connection.ts'
import type { UpstreamPool } from './upstream-pool.ts'

/** What becomes of a forwarded request. Pieces are only valid during the call. */
export interface ForwardingListener {
  responseHead(head: UpstreamResponseHead): void
  responsePiece(piece: Buffer): void
  responseEnd(): void
  settled(): void
  /** No try has brought a response. */
  unanswered(status: 502 | 503 | 504, message?: string): void
  /** The response broke off. */
  cut(): void
  tunnelled(bytes: Buffer): void
  tunnelEnded(): void
  /** The upstream takes bytes of a tunnel again. */
  upstreamDrained(): void
}

interface ForwardingOptions {
  exchange: ProxyExchange
  body: RequestBody | undefined
  service: Service
  /** Whether the body may be held for another try (`request_buffering`). */
  buffered: boolean
  nextPeer: NextPeer
  pool: UpstreamPool
  listener: ForwardingListener
  /** The request's head for a peer; `framing` is its Content-Length or Transfer-Encoding line. */
  requestHead: (peer: Peer, framing: string) => string
}

/** nginx re-sends no request of these once it has been sent (`proxy_next_upstream` without `non_idempotent`). */
const NOT_IDEMPOTENT = new Set(['POST', 'PATCH', 'LOCK'])

/** Sends one request upstream, by as many tries as the service allows. */
export class Forwarding implements UpstreamListener {
  readonly #options: ForwardingOptions
  readonly #repeatable: boolean
  #triesLeft: number
  #connection: UpstreamConnection | undefined
  #peer: Peer | undefined
  #reused = false
  /** Something of the request has been written in this try. */
  #sent = false
  #requestComplete = false
  #answered = false
  #over = false

  constructor(options: ForwardingOptions) {
    this.#options = options
    this.#repeatable = !NOT_IDEMPOTENT.has(options.exchange.upstream.method)
    this.#triesLeft = options.service.retries + 1
    if (options.body) options.body.keepsSent = this.#repeatable && options.buffered
  }

  start(): void {
    this.#triesLeft--
    try {
      const peer = this.#options.nextPeer()
      if (!(peer instanceof Promise)) {
        this.#tryPeer(peer)
        return
      }
      peer.then(
        (found) => this.#over || this.#tryPeer(found),
        (error) => this.#over || this.#noPeer(error),
      )
    } catch (error) {
      this.#noPeer(error)
    }
  }

  /** The client has gone, or the gateway has answered in the upstream's place. */
  abort(): void {
    this.#over = true
    this.#options.body?.unpipe()
    this.#connection?.destroy()
    this.#connection = undefined
  }

  pause(): void {
    this.#connection?.pause()
  }

  resume(): void {
    this.#connection?.resume()
  }

  /** For a tunnel. */
  write(bytes: Buffer): boolean {
    return this.#connection?.write(bytes) ?? true
  }

  finishWriting(): void {
    this.#connection?.finishWriting()
  }

  connected(): void {
    this.#send()
  }

  head(head: UpstreamResponseHead): void {
    this.#answered = true
    this.#options.exchange.latency.upstream = Date.now() - this.#tryStartedAt()
    this.#options.listener.responseHead(head)
  }

  piece(piece: Buffer): void {
    this.#options.listener.responsePiece(piece)
  }

  end(reusable: boolean): void {
    const connection = this.#connection
    this.#connection = undefined
    this.#over = true
    this.#options.body?.unpipe()
    if (reusable && this.#requestComplete && connection && this.#peer)
      this.#options.pool.put(this.#peer.key, connection)
    else connection?.destroy()
    this.#options.listener.responseEnd()
  }

  settled(): void {
    this.#options.listener.settled()
  }

  drained(): void {
    this.#connection?.written()
    if (this.#options.body) this.#options.body.resume()
    else this.#options.listener.upstreamDrained()
  }

  tunnelled(bytes: Buffer): void {
    this.#options.listener.tunnelled(bytes)
  }

  tunnelEnded(): void {
    this.#connection?.destroy()
    this.#options.listener.tunnelEnded()
  }

  failed(failure: UpstreamFailure): void {
    this.#connection = undefined
    this.#options.body?.unpipe()
    if (this.#answered) {
      this.#options.listener.cut()
      return
    }
    this.#recordFailure(failure)
    // nginx: a connection kept from an earlier request may have died of old age, which is nobody's failed try.
    if (this.#reused && failure === 'hangup') this.#triesLeft++
    if (this.#mayTryAgain(failure)) {
      this.start()
      return
    }
    this.#over = true
    this.#options.listener.unanswered(failure === 'timeout' ? 504 : 502)
  }

  #mayTryAgain(failure: UpstreamFailure): boolean {
    if (this.#triesLeft <= 0 || failure === 'invalid') return false
    if (!this.#sent) return true
    return this.#repeatable && (this.#options.body?.isReplayable ?? true)
  }

  #tryPeer(peer: Peer): void {
    const { exchange, pool, service } = this.#options
    const startedAt = Date.now()
    this.#peer = peer
    this.#sent = false
    this.#requestComplete = false
    exchange.tries.push({ ip: peer.ip, port: peer.port, startedAt, latency: 0 })
    exchange.latency.gateway = startedAt - exchange.startedAt
    const idle = pool.take(peer.key, this)
    this.#reused = idle !== undefined
    this.#connection = idle ?? pool.connect(peer, this, service.connect_timeout)
    if (idle) this.#send()
  }

  #send(): void {
    const { exchange, service, body, requestHead } = this.#options
    const connection = this.#connection as UpstreamConnection
    connection.expectResponse({ bodyless: exchange.upstream.method === 'HEAD', readTimeout: service.read_timeout })
    this.#sent = true
    const replacement = exchange.upstream.body
    const head = requestHead(this.#peer as Peer, this.#framing())
    if (replacement !== undefined || !body) {
      connection.write(replacement === undefined ? head : Buffer.concat([Buffer.from(head, 'latin1'), replacement]))
      this.#sentAll()
      return
    }
    connection.write(head)
    body.pipe(this.#sink(connection))
  }

  #framing(): string {
    const { exchange, body } = this.#options
    const length = exchange.upstream.body?.length ?? body?.knownLength ?? exchange.request.contentLength
    if (length === undefined) return 'Transfer-Encoding: chunked\r\n'
    return length > 0 || exchange.request.headers.has('content-length') ? `Content-Length: ${length}\r\n` : ''
  }

  #sink(connection: UpstreamConnection): BodySink {
    const { service, body, exchange } = this.#options
    const chunked = (body?.knownLength ?? exchange.request.contentLength) === undefined
    const write = (data: string | Uint8Array) => {
      const flowing = connection.write(data)
      if (!flowing) connection.limitWrite(service.write_timeout)
      return flowing
    }
    return {
      write(piece) {
        if (!chunked) return write(piece)
        write(`${piece.length.toString(16)}\r\n`)
        write(piece)
        return write('\r\n')
      },
      end: () => {
        if (chunked) write('0\r\n\r\n')
        this.#sentAll()
      },
    }
  }

  #sentAll(): void {
    this.#requestComplete = true
    this.#connection?.awaitResponse()
  }

  #noPeer(error: unknown): void {
    this.#over = true
    if (!(error instanceof NoPeer)) throw error
    this.#options.listener.unanswered(503, error.message)
  }

  #tryStartedAt(): number {
    return this.#options.exchange.tries.at(-1)?.startedAt ?? 0
  }

  #recordFailure(failure: UpstreamFailure): void {
    const current = this.#options.exchange.tries.at(-1)
    if (!current) return
    current.failure = 'failed'
    current.code = failure === 'timeout' ? 504 : 502
  }
}
