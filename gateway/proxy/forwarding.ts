import { NoPeer, type Peer, type Peers } from '../balancer/peer.ts'
import type { Service } from '../entities.ts'
import type { UpstreamResponseHead } from '../http1/upstream-response-head.ts'
import type { ProxyExchange } from './proxy-exchange.ts'
import type { RequestBody } from './request-body.ts'
import { sendRequest } from './send-request.ts'
import type { UpstreamConnection, UpstreamFailure, UpstreamListener } from './upstream-connection.ts'
import type { UpstreamPool } from './upstream-pool.ts'

/** What becomes of a forwarded request. Pieces are only valid during the call. */
export interface ForwardingListener {
  responseHead(head: UpstreamResponseHead): void
  responsePiece(piece: Buffer): void
  responseEnd(): void
  /** All that one read has brought has been told. */
  settled(): void
  /** No try has brought a response. */
  unanswered(status: number, message?: string): void
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
  peers: Peers
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
  /** Peers a kept connection to which has died under this request: it trusts no other one to the same peer. */
  readonly #distrusted = new Set<string>()
  /** Something of the request has been written in this try. */
  #sent = false
  #requestComplete = false
  /** Of the upstream's answer. */
  #status: number | undefined
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
      const peer = this.#options.peers.next()
      if (peer instanceof Promise) this.#tryLater(peer)
      else this.#tryPeer(peer)
    } catch (error) {
      this.#noPeer(error)
    }
  }

  /** The client has gone, or the gateway has answered in the upstream's place. */
  abort(): void {
    this.#close(undefined)
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

  /** Bytes for a tunnel. */
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
    const { exchange, listener } = this.#options
    this.#status = head.status
    exchange.latency.upstream = Date.now() - (exchange.tries.at(-1)?.startedAt ?? 0)
    listener.responseHead(head)
  }

  piece(piece: Buffer): void {
    this.#options.listener.responsePiece(piece)
  }

  end(reusable: boolean): void {
    const { body, pool, listener } = this.#options
    const connection = this.#connection
    this.#connection = undefined
    this.#close(this.#status)
    body?.unpipe()
    if (reusable && this.#requestComplete && connection) pool.put(this.#peer as Peer, connection)
    else connection?.destroy()
    listener.responseEnd()
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
    this.#close(this.#status)
    this.#options.listener.tunnelEnded()
  }

  failed(failure: UpstreamFailure): void {
    const { body, exchange, listener, peers } = this.#options
    this.#connection = undefined
    body?.unpipe()
    if (this.#status !== undefined) {
      this.#close(this.#status)
      listener.cut()
      return
    }
    const status = failure === 'timeout' ? 504 : 502
    Object.assign(exchange.tries.at(-1) ?? {}, { failure: 'failed', code: status })
    // nginx: a connection kept from an earlier request may have died of old age, which is nobody's failed try.
    const stale = this.#reused && failure === 'hangup'
    if (stale) this.#triesLeft++
    if (stale && this.#peer) this.#distrusted.add(this.#peer.key)
    if (this.#mayTryAgain(failure)) {
      peers.failed(failure === 'timeout' ? 'timeout' : failure === 'connect' ? 'refused' : 'failure')
      this.start()
      return
    }
    this.#close(status)
    listener.unanswered(status)
  }

  #close(status: number | undefined): void {
    if (this.#over) return
    this.#over = true
    this.#options.peers.ended(status)
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
    const idle = this.#distrusted.has(peer.key) ? undefined : pool.take(peer, this)
    this.#reused = idle !== undefined
    this.#connection = idle ?? pool.connect(peer, this, service.connect_timeout)
    if (idle) this.#send()
  }

  /** A peer whose name is still being looked up. */
  async #tryLater(peer: Promise<Peer>): Promise<void> {
    try {
      const found = await peer
      if (!this.#over) this.#tryPeer(found)
    } catch (error) {
      if (!this.#over) this.#noPeer(error)
    }
  }

  #noPeer(error: unknown): void {
    if (!(error instanceof NoPeer)) throw error
    this.#over = true
    // Once a peer has been tried, Kong answers in nginx's name and no longer in its own.
    const isFirst = this.#options.exchange.tries.length === 0
    this.#options.listener.unanswered(error.status, isFirst ? error.message : undefined)
  }

  #send(): void {
    const { exchange, service, body, requestHead } = this.#options
    this.#sent = true
    sendRequest({
      exchange,
      body,
      service,
      connection: this.#connection as UpstreamConnection,
      head: (framing) => requestHead(this.#peer as Peer, framing),
      complete: () => {
        this.#requestComplete = true
        this.#connection?.awaitResponse()
      },
    })
  }
}
