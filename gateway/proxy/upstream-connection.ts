import net from 'node:net'
import tls from 'node:tls'
import type { Peer } from '../balancer/peer.ts'
import { HttpError } from '../http1/http-error.ts'
import { type ResponseEvents, ResponseReader } from '../http1/response-reader.ts'
import type { UpstreamResponseHead } from '../http1/upstream-response-head.ts'
import { Deadline } from './deadline.ts'
import type { WriteBatch } from './write-batch.ts'

export type UpstreamFailure = 'connect' | 'timeout' | 'hangup' | 'invalid'

/** What one exchange hears of its upstream connection. */
export interface UpstreamListener extends ResponseEvents {
  connected(): void
  /** All that one read has brought has been told. */
  settled(): void
  drained(): void
  /** The other side of a tunnel has closed. */
  tunnelEnded(): void
  /** The connection is gone. */
  failed(failure: UpstreamFailure): void
}

interface UpstreamConnectionOptions {
  peer: Peer
  listener: UpstreamListener
  connectTimeout: number
  writes: WriteBatch
}

/** Every read of this worker lands here and is used up before the next one. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/** One connection to an upstream server, for one exchange after the other. */
export class UpstreamConnection implements ResponseEvents {
  readonly #socket: net.Socket
  readonly #writes: WriteBatch
  readonly #reader = new ResponseReader(this)
  readonly #deadline = new Deadline(() => this.#fail('timeout'))
  #connected = false
  #destroyed = false
  #listener: UpstreamListener | undefined
  #onIdleClose: (() => void) | undefined
  #readTimeout = 0
  /** The request has been handed over, so that the upstream's time runs. */
  #awaiting = false
  #paused = false
  /** Requests that it has carried. */
  requests = 0

  constructor({ peer, listener, connectTimeout, writes }: UpstreamConnectionOptions) {
    this.#listener = listener
    this.#writes = writes
    const onread = { buffer: readBuffer, callback: (length: number) => this.#onRead(length) }
    const plain = { host: peer.ip, port: peer.port, noDelay: true, onread }
    this.#socket = peer.tls ? tls.connect({ ...plain, ...peer.tls }) : net.connect(plain)
    this.#socket.on(peer.tls ? 'secureConnect' : 'connect', () => this.#onConnect())
    this.#socket.on('error', () => this.#fail(this.#connected ? 'hangup' : 'connect'))
    this.#socket.on('end', () => this.#onEnd())
    this.#socket.on('close', () => this.#fail('hangup'))
    this.#socket.on('drain', () => this.#listener?.drained())
    this.#deadline.arm(connectTimeout, Date.now())
  }

  /** Carries an exchange on a connection that has carried others. */
  adopt(listener: UpstreamListener): void {
    this.#listener = listener
    this.#onIdleClose = undefined
    this.#deadline.disarm()
  }

  /** Nobody listens any more; it waits for its next exchange. */
  rest(onIdleClose: () => void, idleTimeout: number): void {
    this.#listener = undefined
    this.#onIdleClose = onIdleClose
    this.#deadline.arm(idleTimeout, Date.now())
  }

  /** Expects the response to a request that is about to be written. */
  expectResponse({ bodyless, readTimeout }: { bodyless: boolean; readTimeout: number }): void {
    this.requests++
    this.#reader.expect(bodyless)
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
    if (this.#reader.isTunnel) this.#armRead()
    return this.#writes.write(this.#socket, data)
  }

  finishWriting(): void {
    this.#writes.end(this.#socket)
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

  destroy(): void {
    this.#destroyed = true
    this.#listener = undefined
    this.#deadline.stop()
    this.#socket.destroy()
  }

  head(head: UpstreamResponseHead): void {
    this.#listener?.head(head)
  }

  piece(piece: Buffer): void {
    this.#listener?.piece(piece)
  }

  end(reusable: boolean): void {
    this.#awaiting = false
    this.#deadline.disarm()
    this.#listener?.end(reusable)
  }

  tunnelled(bytes: Buffer): void {
    this.#listener?.tunnelled(bytes)
  }

  #onConnect(): void {
    this.#connected = true
    this.#deadline.disarm()
    this.#listener?.connected()
  }

  #onRead(length: number): boolean {
    try {
      this.#reader.read(readBuffer.subarray(0, length))
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      this.#fail('invalid')
    }
    this.#listener?.settled()
    this.#armRead()
    return !this.#paused
  }

  #armRead(): void {
    if (this.#awaiting && this.#reader.isBusy && !this.#paused) this.#deadline.arm(this.#readTimeout, Date.now())
  }

  #onEnd(): void {
    if (this.#reader.isTunnel) this.#listener?.tunnelEnded()
    else if (this.#reader.endOfInput()) this.#listener?.settled()
    else this.#fail('hangup')
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#destroyed) return
    const listener = this.#listener
    const onIdleClose = this.#onIdleClose
    this.destroy()
    if (listener) listener.failed(failure)
    else onIdleClose?.()
  }
}
