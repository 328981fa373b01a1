import { errorAnswer } from '../error-answer.ts'
import type { Answer, RouteMatch } from '../exchange.ts'
import type { UpstreamResponseHead } from '../http1/upstream-response-head.ts'
import type { Log } from '../plugin.ts'
import { protocolRefusal } from '../router/protocol.ts'
import { upstreamPath } from '../router/upstream-path.ts'
import type { ClientWriter } from './client-writer.ts'
import { Forwarding, type ForwardingListener } from './forwarding.ts'
import { forwardedResponseFields } from './hop-by-hop.ts'
import { failure, type OwnAnswer, ownAnswer } from './own-answer.ts'
import type { ProxyExchange } from './proxy-exchange.ts'
import type { RequestBody } from './request-body.ts'
import { ResponseWriter } from './response-writer.ts'
import type { Snapshot } from './snapshot.ts'
import type { UpstreamPool } from './upstream-pool.ts'
import { acceptsTrailers, isWebSocketUpgrade, requestedHost, upstreamRequestHead } from './upstream-request-head.ts'
import type { WriteBatch } from './write-batch.ts'

/** What a worker gives to every request. */
export interface DataPlane {
  /** The config in force. */
  snapshot: Snapshot
  readonly pool: UpstreamPool
  readonly writes: WriteBatch
  readonly listenPort: number
  /** How the gateway names itself in Server and Via. */
  readonly product: string
  readonly log: Log
}

/** The client's connection, as a transaction needs it. */
export interface TransactionClient {
  readonly writer: ClientWriter
  /** What has been written is more than the client takes at the moment. */
  stalled(): void
  /** The answer has been written; `keepAlive`: another request may follow. */
  finished(keepAlive: boolean): void
  /** The answer cannot be completed. */
  cut(): void
  /** Reads on. */
  resume(): void
  /** From now on bytes go both ways without meaning to us. */
  tunnel(): void
  tunnelEnded(): void
}

interface TransactionOptions {
  plane: DataPlane
  client: TransactionClient
  exchange: ProxyExchange
  body: RequestBody | undefined
  keepAlive: boolean
}

/** One request, from its head to its last byte: phases, routing, forwarding, the answer, the log phase. */
export class Transaction implements ForwardingListener {
  readonly #options: TransactionOptions
  readonly #snapshot: Snapshot
  readonly #response: ResponseWriter
  #forwarding: Forwarding | undefined
  #over = false

  constructor(options: TransactionOptions) {
    const { plane, client, exchange, keepAlive } = options
    this.#options = options
    this.#snapshot = plane.snapshot
    const { runner } = this.#snapshot
    this.#response = new ResponseWriter({ exchange, runner, writer: client.writer, product: plane.product, keepAlive })
  }

  get exchange(): ProxyExchange {
    return this.#options.exchange
  }

  run(): void {
    try {
      const answer = this.#access()
      if (!(answer instanceof Promise)) {
        this.#proceed(answer)
        return
      }
      answer.then((found) => this.#proceed(found)).catch((error) => this.#broken(error))
    } catch (error) {
      this.#broken(error)
    }
  }

  /** Answers a request that cannot be read, or not any further. */
  refuse(status: number): void {
    if (this.#over) return
    this.#forwarding?.abort()
    if (this.#response.begun) {
      this.cut()
      return
    }
    this.#response.keepAlive = false
    this.#answer(failure(this.exchange, status), 'exit')
  }

  /** The client has gone. */
  abort(): void {
    if (this.#over) return
    this.#forwarding?.abort()
    // nginx's status for it, which only logs and metrics see.
    if (!this.#response.begun) this.exchange.response = { ...this.exchange.response, status: 499 }
    this.#close()
  }

  /** The client takes bytes again. */
  resume(): void {
    this.#forwarding?.resume()
  }

  /** Bytes of the client behind an upgrade; false when the upstream should be given time. */
  tunnelledByClient(bytes: Buffer): boolean {
    return this.#forwarding?.write(bytes) ?? true
  }

  tunnelEndedByClient(): void {
    this.#forwarding?.finishWriting()
  }

  responseHead({ status, fields }: UpstreamResponseHead): void {
    const { request } = this.exchange
    if (status === 101 && !isWebSocketUpgrade(request.headers)) {
      this.#forwarding?.abort()
      this.unanswered(502)
      return
    }
    const headers = forwardedResponseFields(fields, acceptsTrailers(request.headers))
    this.exchange.response = { status, headers, source: 'service' }
    if (status === 101) {
      headers.set('Connection', 'upgrade')
      headers.set('Upgrade', fields.get('upgrade') ?? 'websocket')
    }
    this.#guard(() => this.#response.head())
    if (status === 101) this.#options.client.tunnel()
  }

  responsePiece(piece: Buffer): void {
    if (!this.#over) this.#guard(() => this.#response.piece(piece))
  }

  responseEnd(): void {
    this.#guard(() => this.#response.end())
    if (!this.#over) this.#finish()
  }

  settled(): void {
    if (this.#options.client.writer.flush()) return
    this.#forwarding?.pause()
    this.#options.client.stalled()
  }

  unanswered(status: number, message?: string): void {
    const { exchange } = this
    if (message !== undefined) {
      this.#answer(ownAnswer(exchange, errorAnswer(exchange, status, message)), 'exit')
      return
    }
    exchange.latency.upstream = Date.now() - (exchange.tries.at(-1)?.startedAt ?? Date.now())
    this.#answer(failure(exchange, status), 'error')
  }

  cut(): void {
    this.#options.client.writer.flush()
    this.#close()
    this.#options.client.cut()
  }

  tunnelled(bytes: Buffer): void {
    this.#options.client.writer.add(bytes)
  }

  tunnelEnded(): void {
    this.#close()
    this.#options.client.tunnelEnded()
  }

  upstreamDrained(): void {
    this.#options.client.resume()
  }

  #access(): ReturnType<Snapshot['runner']['access']> {
    const { exchange } = this
    const { router, runner } = this.#snapshot
    const { request } = exchange
    runner.rewrite(exchange)
    exchange.match = router.match({
      method: request.method,
      host: request.host || undefined,
      port: request.port ?? this.#options.plane.listenPort,
      path: request.path,
      scheme: request.scheme,
      headers: request.headers,
    })
    if (!exchange.match) return errorAnswer(exchange, 404, 'no Route matched with those values')
    exchange.upstream.path = upstreamPath(exchange.match, request.path)
    return this.#refusedScheme(exchange.match) ?? runner.access(exchange)
  }

  #refusedScheme({ route }: RouteMatch): Answer | undefined {
    const { exchange } = this
    const { scheme, host, target } = exchange.request
    const refusal = protocolRefusal(route, { scheme, host: requestedHost(host), target })
    if (!refusal) return undefined
    const { status, message, headers } = refusal
    return message === undefined ? { status, headers } : errorAnswer(exchange, status, message, headers)
  }

  #proceed(answer: Answer | undefined): void {
    if (this.#over) return
    const { exchange } = this
    const service = exchange.match?.service
    if (answer) {
      this.#answer(ownAnswer(exchange, answer), 'exit')
      return
    }
    if (!service) {
      this.unanswered(503, 'no Service found with those values')
      return
    }
    this.#forward(exchange.match as RouteMatch, service)
  }

  #forward(match: RouteMatch, service: NonNullable<RouteMatch['service']>): void {
    const { exchange } = this
    const { plane, body } = this.#options
    const { listenPort, product, pool } = plane
    this.#forwarding = new Forwarding({
      exchange,
      body,
      service,
      buffered: match.route.request_buffering,
      nextPeer: this.#snapshot.balancer.peersFor(service, exchange),
      pool,
      listener: this,
      requestHead: ({ host }, framing) =>
        upstreamRequestHead({ exchange, match, peerHost: host, framing, listenPort, product }),
    })
    this.#forwarding.start()
  }

  #answer(answer: OwnAnswer, source: 'exit' | 'error'): void {
    if (this.#over) return
    this.#forwarding = undefined
    // A client that still waits for our 100 may take this answer for a reason not to send its body at all.
    if (this.#options.body?.isHeldBack) this.#response.keepAlive = false
    this.#response.whole(answer, source)
    this.#finish()
  }

  #finish(): void {
    this.#options.client.writer.flush()
    this.#close()
    this.#options.client.finished(this.#response.keepAlive)
  }

  #close(): void {
    const { exchange } = this
    this.#over = true
    this.#forwarding = undefined
    exchange.bytes.received += this.#options.body?.received ?? 0
    exchange.bytes.sent = this.#options.client.writer.sent
    exchange.latency.total = Date.now() - exchange.startedAt
    this.#snapshot.runner.log(exchange)
  }

  #guard(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.#broken(error)
    }
  }

  /** A fault of ours: logged, and answered as Kong answers its own. */
  #broken(error: unknown): void {
    this.#options.plane.log.error('request failed', { requestId: this.exchange.id, cause: error })
    this.refuse(500)
  }
}
