import type { Socket } from 'node:net'
import type { Exchange } from '../exchange.ts'
import { createBodyDecoder } from '../http1/body-decoder.ts'
import { HttpError } from '../http1/http-error.ts'
import { wantsKeepAlive } from '../http1/keep-alive.ts'
import type { RequestHead } from '../http1/request-head.ts'
import { RequestReader } from '../http1/request-reader.ts'
import { ClientWriter } from './client-writer.ts'
import type { DataPlane, Patience } from './data-plane.ts'
import { Deadline } from './deadline.ts'
import { type Entry, plainAddress } from './entry.ts'
import { createExchange, unreadableHead } from './proxy-exchange.ts'
import { type BodySource, RequestBody } from './request-body.ts'
import { Transaction, type TransactionClient } from './transaction.ts'

/** One client's connection: its requests one after the other, however they arrive. */
export class ClientConnection implements TransactionClient, BodySource {
  readonly writer: ClientWriter
  readonly #socket: Socket
  readonly #plane: DataPlane
  readonly #entry: Entry
  readonly #remote: Exchange['remote']
  readonly #reader = new RequestReader()
  readonly #deadline = new Deadline(() => this.#timedOut())
  #transaction: Transaction | undefined
  #body: RequestBody | undefined
  #state: 'open' | 'tunnel' | 'lingering' = 'open'
  #advancing = false
  #draining = false

  constructor(socket: Socket, plane: DataPlane, entry: Entry) {
    this.#socket = socket
    this.#plane = plane
    this.#entry = entry
    const ip = plainAddress(socket.remoteAddress)
    this.#remote = { ip, port: socket.remotePort ?? 0, isTrusted: plane.proxies.trusts(ip) }
    this.writer = new ClientWriter(socket, plane.writes)
    socket.on('data', (bytes) => this.#onData(bytes))
    socket.on('drain', () => this.#onDrain())
    socket.on('end', () => this.#onEnd())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#onClose())
    this.#allow('request')
  }

  /** Ends as soon as the request that is under way has been answered. */
  drain(): void {
    this.#draining = true
    if (!this.#transaction && this.#reader.isEmpty) this.#plane.writes.end(this.#socket)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  pause(): void {
    this.#socket.pause()
    this.#deadline.disarm()
  }

  resume(): void {
    if (this.#body && !this.#body.done) this.#allow('request')
    this.#socket.resume()
  }

  sendContinue(): void {
    this.#plane.writes.write(this.#socket, 'HTTP/1.1 100 Continue\r\n\r\n')
  }

  stalled(): void {
    this.#allow('request')
  }

  finished(keepAlive: boolean): void {
    this.#transaction = undefined
    this.writer.sent = 0
    if (!keepAlive || this.#draining) {
      this.#linger()
      return
    }
    this.#body?.discard()
    this.#allow(this.#reader.isEmpty ? 'idle' : 'request')
    if (this.#socket.isPaused()) this.#socket.resume()
    this.#advance()
  }

  cut(): void {
    this.#transaction = undefined
    this.#plane.writes.flush()
    this.#socket.destroySoon()
  }

  tunnel(): void {
    this.#state = 'tunnel'
    const early = this.#reader.rest()
    if (early) this.#transaction?.tunnelledByClient(early)
    this.#socket.resume()
  }

  tunnelEnded(): void {
    this.#transaction = undefined
    this.#linger()
  }

  #onData(bytes: Buffer): void {
    if (this.#state === 'lingering') return
    if (this.#state === 'tunnel') {
      this.#tunnelled(bytes)
      return
    }
    try {
      const at = this.#body ? this.#feedBody(this.#body, bytes) : 0
      if (at < bytes.length) this.#feedHead(at === 0 ? bytes : bytes.subarray(at))
    } catch (error) {
      this.#refuse(error)
    }
    this.#advance()
  }

  #feedBody(body: RequestBody, bytes: Buffer): number {
    const end = body.feed(bytes, 0)
    if (!body.done) {
      this.#allow('request')
      return end
    }
    this.#body = undefined
    if (this.#transaction) this.#deadline.disarm()
    else this.#allow('idle')
    return end
  }

  #feedHead(bytes: Buffer): void {
    // The whole head must come within one limit, or a client could send it byte by byte for ever.
    if (this.#reader.isEmpty && !this.#transaction) this.#allow('request')
    this.#reader.push(bytes)
    if (this.#transaction) this.#socket.pause()
  }

  /** Begins with what has arrived, request by request, as long as each is answered at once. */
  #advance(): void {
    if (this.#advancing) return
    this.#advancing = true
    try {
      while (this.#canBegin()) {
        const next = this.#reader.take()
        if (!next) break
        this.#begin(next.head, next.size)
      }
    } catch (error) {
      this.#refuse(error)
    } finally {
      this.#advancing = false
    }
  }

  #canBegin(): boolean {
    return this.#state === 'open' && !this.#transaction && !this.#body && !this.#reader.isEmpty
  }

  #begin(head: RequestHead, size: number): void {
    this.#deadline.disarm()
    const rest = this.#reader.rest()
    const body = head.contentLength === 0 ? undefined : this.#bodyOf(head)
    const transaction = this.#transactionFor(head, body, size)
    this.#body = body
    this.#transaction = transaction
    if (rest) this.#onData(rest)
    if (this.#transaction !== transaction) return
    if (body && !body.done) this.#socket.pause()
    if (this.#entry.refusal === undefined) transaction.run()
    else transaction.refuse(this.#entry.refusal)
  }

  #bodyOf({ contentLength, fields, minor }: RequestHead): RequestBody {
    const expectsContinue = minor === 1 && fields.get('expect')?.toLowerCase() === '100-continue'
    return new RequestBody(createBodyDecoder(contentLength), this, expectsContinue)
  }

  #refuse(error: unknown): void {
    if (!(error instanceof HttpError)) throw error
    const answered = this.#body !== undefined && !this.#transaction
    this.#body?.fail(error)
    this.#body = undefined
    const { method } = this.#reader
    this.#reader.rest()
    if (answered) {
      this.#linger()
      return
    }
    this.#transaction ??= this.#transactionFor(unreadableHead(method), undefined)
    this.#transaction.refuse(error.status)
  }

  #transactionFor(head: RequestHead, body: RequestBody | undefined, size = 0): Transaction {
    const { port: listenPort, tls } = this.#entry
    const remote = this.#remote
    const client = remote.isTrusted ? this.#plane.proxies.clientOf(remote, head.fields) : remote
    const exchange = createExchange({ head, body, client, remote, listenPort, tls, startedAt: Date.now() })
    exchange.bytes.received = size
    const keepAlive = wantsKeepAlive(head) && !this.#draining
    return new Transaction({ plane: this.#plane, client: this, exchange, body, keepAlive })
  }

  #tunnelled(bytes: Buffer): void {
    if (this.#transaction && !this.#transaction.tunnelledByClient(bytes)) this.#socket.pause()
  }

  #onDrain(): void {
    this.#deadline.disarm()
    this.#transaction?.resume()
  }

  /** nginx takes a client that closes its side for one that has gone. */
  #onEnd(): void {
    if (this.#state === 'tunnel') {
      this.#transaction?.tunnelEndedByClient()
      return
    }
    this.#plane.writes.end(this.#socket)
    this.#onClose()
  }

  #onClose(): void {
    this.#deadline.stop()
    this.#body?.fail(new Error('the client has closed its connection'))
    this.#body = undefined
    this.#transaction?.abort()
    this.#transaction = undefined
  }

  /** Reads on for a moment, so that what the client is still sending does not reset the connection under our answer. */
  #linger(): void {
    this.#state = 'lingering'
    this.#body = undefined
    this.#plane.writes.end(this.#socket)
    this.#socket.resume()
    this.#allow('linger')
  }

  #allow(what: keyof Patience): void {
    this.#deadline.arm(this.#plane.patience[what], Date.now())
  }

  #timedOut(): void {
    const waitsForRequest = this.#state === 'open' && (this.#body !== undefined || !this.#reader.isEmpty)
    if (waitsForRequest && !this.#socket.writableNeedDrain) {
      this.#refuse(new HttpError(408, 'too slow'))
      return
    }
    this.#socket.destroy()
  }
}
