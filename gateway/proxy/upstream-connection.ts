import net from 'node:net'
import tls from 'node:tls'
import { type BodyDecoder, createBodyDecoder, UntilCloseDecoder } from '../http1/body-decoder.ts'
import { HeadReader } from '../http1/head-reader.ts'
import { HttpError } from '../http1/http-error.ts'
import {
  parseUpstreamResponseHead,
  UPSTREAM_HEAD_LIMIT,
  type UpstreamResponseHead,
} from '../http1/upstream-response-head.ts'
import { Deadline } from './deadline.ts'
import type { WriteBatch } from './write-batch.ts'

export type UpstreamFailure = 'connect' | 'timeout' | 'hangup' | 'invalid'

export interface UpstreamAddress {
  ip: string
  port: number
  /** Server name for TLS; undefined over plain TCP. */
  tls: { serverName: string; verify: boolean } | undefined
}

/** What one exchange hears of its upstream connection. Pieces are only valid during the call. */
export interface UpstreamListener {
  connected(): void
  head(head: UpstreamResponseHead): void
  piece(piece: Buffer): void
  /** The response is complete; `reusable`: its connection may carry another one. */
  end(reusable: boolean): void
  /** All that one read has brought has been told. */
  settled(): void
  drained(): void
  failed(failure: UpstreamFailure): void
  /** Behind a 101: bytes, and the end of them, without meaning to us. */
  tunnelled(bytes: Buffer): void
  tunnelEnded(): void
}

interface UpstreamConnectionOptions {
  address: UpstreamAddress
  listener: UpstreamListener
  connectTimeout: number
  writes: WriteBatch
}

type State = 'connecting' | 'ready' | 'head' | 'body' | 'tunnel' | 'closed'

/** Every read of this worker lands here and is used up before the next one. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)
const NOTHING = Buffer.alloc(0)

/** One connection to an upstream server, for one exchange after the other. */
export class UpstreamConnection {
  readonly #socket: net.Socket
  readonly #writes: WriteBatch
  readonly #reader = new HeadReader(UPSTREAM_HEAD_LIMIT)
  readonly #deadline = new Deadline(() => this.#fail('timeout'))
  #state: State = 'connecting'
  #listener: UpstreamListener | undefined
  #decoder: BodyDecoder | undefined
  #keepAlive = true
  #bodyless = false
  #readTimeout = 0
  #awaiting = false
  #paused = false
  /** Called when the connection ends while nobody uses it. */
  onIdleClose: (() => void) | undefined
  /** Requests that it has carried. */
  requests = 0

  constructor({ address, listener, connectTimeout, writes }: UpstreamConnectionOptions) {
    const { ip, port, tls: secure } = address
    this.#listener = listener
    this.#writes = writes
    const onread = { buffer: readBuffer, callback: (length: number) => this.#onRead(length) }
    const plain = { host: ip, port, noDelay: true, onread }
    this.#socket = secure
      ? tls.connect({ ...plain, servername: secure.serverName, rejectUnauthorized: secure.verify })
      : net.connect(plain)
    this.#socket.on(secure ? 'secureConnect' : 'connect', () => this.#onConnect())
    this.#socket.on('error', () => this.#fail(this.#state === 'connecting' ? 'connect' : 'hangup'))
    this.#socket.on('end', () => this.#onEnd())
    this.#socket.on('close', () => this.#fail('hangup'))
    this.#socket.on('drain', () => this.#listener?.drained())
    this.#deadline.arm(connectTimeout, Date.now())
  }

  /** Carries an exchange on a connection that has carried others. */
  adopt(listener: UpstreamListener): void {
    this.#listener = listener
    this.onIdleClose = undefined
    this.#deadline.disarm()
  }

  /** Expects the response to a request that is about to be written. */
  expectResponse({ bodyless, readTimeout }: { bodyless: boolean; readTimeout: number }): void {
    this.requests++
    this.#state = 'head'
    this.#bodyless = bodyless
    this.#readTimeout = readTimeout
    this.#awaiting = false
  }

  /** The request has been handed over; from now on the upstream has `readTimeout` from one read to the next. */
  awaitResponse(): void {
    this.#awaiting = true
    this.#armRead()
  }

  /** The upstream has so long to take what has been written. */
  limitWrite(milliseconds: number): void {
    this.#deadline.arm(milliseconds, Date.now())
  }

  written(): void {
    this.#deadline.disarm()
    this.#armRead()
  }

  write(data: string | Uint8Array): boolean {
    if (this.#state === 'tunnel') this.#armRead()
    return this.#writes.write(this.#socket, data)
  }

  pause(): void {
    this.#paused = true
    this.#deadline.disarm()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#socket.resume()
    this.#armRead()
  }

  /** Nobody listens any more; it waits for its next exchange. */
  rest(onIdleClose: () => void, idleTimeout: number): void {
    this.#listener = undefined
    this.onIdleClose = onIdleClose
    this.#state = 'ready'
    this.#deadline.arm(idleTimeout, Date.now())
  }

  finishWriting(): void {
    this.#writes.end(this.#socket)
  }

  destroy(): void {
    this.#state = 'closed'
    this.#listener = undefined
    this.#deadline.stop()
    this.#socket.destroy()
  }

  #onConnect(): void {
    this.#deadline.disarm()
    this.#state = 'ready'
    this.#listener?.connected()
  }

  #onRead(length: number): boolean {
    const bytes = readBuffer.subarray(0, length)
    try {
      this.#read(bytes)
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      this.#fail('invalid')
    }
    this.#listener?.settled()
    this.#armRead()
    return !this.#paused
  }

  #armRead(): void {
    const expecting = this.#state === 'head' || this.#state === 'body' || this.#state === 'tunnel'
    if (expecting && this.#awaiting && !this.#paused) this.#deadline.arm(this.#readTimeout, Date.now())
  }

  #read(bytes: Buffer): void {
    if (this.#state === 'tunnel') {
      this.#listener?.tunnelled(bytes)
      return
    }
    if (this.#state === 'body') {
      this.#readBody(bytes)
      return
    }
    if (this.#state !== 'head') {
      this.#fail('hangup')
      return
    }
    this.#reader.push(bytes)
    const head = this.#nextHead()
    if (!head) {
      this.#reader.retain()
      return
    }
    const rest = this.#reader.rest()
    this.#begin(head)
    if (head.status !== 101) this.#readBody(rest ?? NOTHING)
    else if (rest) this.#listener?.tunnelled(rest)
  }

  /** Interim answers (RFC 9110 §15.2) are not passed on, as in nginx. */
  #nextHead(): UpstreamResponseHead | undefined {
    for (let text = this.#reader.take(); text !== undefined; text = this.#reader.take()) {
      const head = parseUpstreamResponseHead(text)
      if (head.status >= 200 || head.status === 101) return head
    }
    return undefined
  }

  #begin(head: UpstreamResponseHead): void {
    const { minor, status, fields, framing, length } = head
    const connection = fields.get('connection')?.toLowerCase()
    this.#keepAlive = minor === 1 ? !connection?.includes('close') : connection === 'keep-alive'
    this.#state = status === 101 ? 'tunnel' : 'body'
    if (this.#bodyless || status === 204 || status === 304) this.#decoder = createBodyDecoder(0)
    else if (framing === 'close') this.#decoder = new UntilCloseDecoder()
    else this.#decoder = createBodyDecoder(framing === 'chunked' ? undefined : length)
    this.#listener?.head(head)
  }

  #readBody(bytes: Buffer): void {
    const decoder = this.#decoder as BodyDecoder
    const end = decoder.decode(bytes, 0, this.#onPiece)
    if (decoder.done) this.#complete(end === bytes.length)
  }

  #onPiece = (piece: Buffer): void => this.#listener?.piece(piece)

  #complete(clean: boolean): void {
    this.#state = 'ready'
    this.#awaiting = false
    this.#deadline.disarm()
    this.#listener?.end(clean && this.#keepAlive)
  }

  #onEnd(): void {
    if (this.#state === 'tunnel') {
      this.#listener?.tunnelEnded()
      return
    }
    if (this.#state !== 'body' || !(this.#decoder instanceof UntilCloseDecoder)) {
      this.#fail('hangup')
      return
    }
    this.#complete(false)
    this.#listener?.settled()
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#state === 'closed') return
    const listener = this.#listener
    const { onIdleClose } = this
    this.destroy()
    if (listener) listener.failed(failure)
    else onIdleClose?.()
  }
}
