import { errorAnswer } from '../error-answer.ts'
import type { Answer, ResponseHead, RouteMatch } from '../exchange.ts'
import type { UpstreamResponseHead } from '../http1/upstream-response-head.ts'
import { admit } from './admit.ts'
import type { ClientWriter } from './client-writer.ts'
import type { DataPlane, Snapshot } from './data-plane.ts'
import { Forwarding, type ForwardingListener } from './forwarding.ts'
import { forwardedResponseFields } from './hop-by-hop.ts'
import { failure, type OwnAnswer, ownAnswer } from './own-answer.ts'
import type { ProxyExchange } from './proxy-exchange.ts'
import type { RequestBody } from './request-body.ts'
import { ResponseWriter } from './response-writer.ts'
import { acceptsTrailers, isWebSocketUpgrade, upstreamRequestHead } from './upstream-request-head.ts'

/** The client's connection, as a transaction needs it. */
export interface TransactionClient {
  readonly writer: ClientWriter
  /** What has been written is more than the client takes at the moment. */
  stalled(): void
  /** Reads on. */
  resume(): void
  /** The answer has been written; `keepAlive`: another request may follow. */
  finished(keepAlive: boolean): void
  /** The answer cannot be completed. */
  cut(): void
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

/** nginx's status for a client that has gone, which only logs and metrics see. */
const CLIENT_GONE = 499

/** One request, from its head to its last byte: phases, forwarding, the answer, the log phase. */
export class Transaction implements ForwardingListener {
  readonly #plane: DataPlane
  readonly #client: TransactionClient
  readonly #exchange: ProxyExchange
  readonly #body: RequestBody | undefined
  readonly #snapshot: Snapshot
  readonly #response: ResponseWriter
  #forwarding: Forwarding | undefined
  #over = false
  /** Something of ours has failed already, perhaps what the answer about it would go through as well. */
  #faulty = false

  constructor({ plane, client, exchange, body, keepAlive }: TransactionOptions) {
    this.#plane = plane
    this.#client = client
    this.#exchange = exchange
    this.#body = body
    this.#snapshot = plane.snapshot
    plane.traffic.requests++
    plane.traffic.underWay++
    const { runner } = this.#snapshot
    this.#response = new ResponseWriter({ exchange, runner, writer: client.writer, product: plane.product, keepAlive })
  }

  run(): void {
    this.#guard(() => {
      const answer = admit(this.#exchange, this.#snapshot)
      if (answer instanceof Promise) answer.then((later) => this.#proceed(later)).catch((error) => this.#broken(error))
      else this.#proceed(answer)
    })
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
    this.#answer(failure(this.#exchange, status), 'exit')
  }

  /** The client has gone. */
  abort(): void {
    if (this.#over) return
    this.#forwarding?.abort()
    if (!this.#response.begun) this.#exchange.response = { ...this.#exchange.response, status: CLIENT_GONE }
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
    const { headers: sent } = this.#exchange.request
    if (status === 101 && !isWebSocketUpgrade(sent)) {
      this.#forwarding?.abort()
      this.unanswered(502)
      return
    }
    const headers = forwardedResponseFields(fields, acceptsTrailers(sent))
    if (status === 101) {
      headers.set('Connection', 'upgrade')
      headers.set('Upgrade', 'websocket')
    }
    this.#exchange.response = { status, headers, source: 'service' }
    this.#guard(() => this.#response.head())
    if (status === 101) this.#client.tunnel()
  }

  responsePiece(piece: Buffer): void {
    this.#guard(() => this.#response.piece(piece))
  }

  responseEnd(): void {
    this.#guard(() => this.#response.end())
    if (!this.#over) this.#finish()
  }

  settled(): void {
    if (this.#client.writer.flush()) return
    this.#forwarding?.pause()
    this.#client.stalled()
  }

  unanswered(status: number, message?: string): void {
    const exchange = this.#exchange
    if (message !== undefined) {
      this.#answer(ownAnswer(exchange, errorAnswer(exchange, status, message)), 'exit')
      return
    }
    const now = Date.now()
    exchange.latency.upstream = now - (exchange.tries.at(-1)?.startedAt ?? now)
    this.#answer(failure(exchange, status), 'error')
  }

  cut(): void {
    this.#client.writer.flush()
    this.#close()
    this.#client.cut()
  }

  tunnelled(bytes: Buffer): void {
    this.#client.writer.add(bytes)
  }

  tunnelEnded(): void {
    this.#close()
    this.#client.tunnelEnded()
  }

  upstreamDrained(): void {
    this.#client.resume()
  }

  #proceed(answer: Answer | undefined): void {
    if (this.#over) return
    const { match } = this.#exchange
    if (answer) this.#answer(ownAnswer(this.#exchange, answer), answer.source ?? 'exit')
    else if (!match?.service) this.unanswered(503, 'no Service found with those values')
    else this.#forward(match, match.service)
  }

  #forward(match: RouteMatch, service: NonNullable<RouteMatch['service']>): void {
    const exchange = this.#exchange
    const { product, pool } = this.#plane
    this.#forwarding = new Forwarding({
      exchange,
      body: this.#body,
      service,
      buffered: match.route.request_buffering,
      peers: this.#snapshot.balancer.peersFor(service, exchange),
      pool,
      listener: this,
      requestHead: ({ host }, framing) => upstreamRequestHead({ exchange, match, peerHost: host, framing, product }),
    })
    this.#forwarding.start()
  }

  #answer(answer: OwnAnswer, source: ResponseHead['source']): void {
    if (this.#over) return
    this.#forwarding = undefined
    // A client that still waits for our 100 may take this answer for a reason not to send its body at all.
    if (this.#body?.isHeldBack) this.#response.keepAlive = false
    this.#guard(() => {
      this.#response.whole(answer, source)
      this.#finish()
    })
  }

  #finish(): void {
    this.#client.writer.flush()
    this.#close()
    this.#client.finished(this.#response.keepAlive)
  }

  #close(): void {
    const exchange = this.#exchange
    if (!this.#over) this.#plane.traffic.underWay--
    this.#over = true
    this.#forwarding = undefined
    exchange.bytes.received += this.#body?.received ?? 0
    exchange.bytes.sent = this.#client.writer.sent
    exchange.latency.total = Date.now() - exchange.startedAt
    this.#snapshot.runner.log(exchange)
    this.#plane.accessLog?.add(exchange)
  }

  #guard(step: () => void): void {
    if (this.#over) return
    try {
      step()
    } catch (error) {
      this.#broken(error)
    }
  }

  /** A fault of ours: logged, and answered as Kong answers its own. */
  #broken(error: unknown): void {
    this.#plane.log.error('request failed', { requestId: this.#exchange.id, cause: error })
    if (this.#faulty) {
      this.cut()
      return
    }
    this.#faulty = true
    this.refuse(500)
  }
}
