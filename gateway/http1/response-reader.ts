import { type BodyDecoder, createBodyDecoder, UntilCloseDecoder } from './body-decoder.ts'
import { HeadReader } from './head-reader.ts'
import { HttpError } from './http-error.ts'
import { connectionOf } from './keep-alive.ts'
import { parseUpstreamResponseHead, UPSTREAM_HEAD_LIMIT, type UpstreamResponseHead } from './upstream-response-head.ts'

/** What is read, in order. Pieces are only valid during the call. */
export interface ResponseEvents {
  head(head: UpstreamResponseHead): void
  piece(piece: Buffer): void
  /** `reusable`: the connection may carry another exchange. */
  end(reusable: boolean): void
  /** Bytes behind a 101, whose meaning is not ours. */
  tunnelled(bytes: Buffer): void
}

type Phase = 'none' | 'head' | 'body' | 'tunnel'

/** An upstream that says more before its answer is taken for a broken one. */
const INTERIM_LIMIT = 100
const NOTHING = Buffer.alloc(0)

/** Reads responses from the bytes of one connection. The bytes need not outlive the call that brings them. */
export class ResponseReader {
  readonly #events: ResponseEvents
  readonly #head = new HeadReader(UPSTREAM_HEAD_LIMIT)
  #phase: Phase = 'none'
  #decoder: BodyDecoder | undefined
  #bodyless = false
  #keepAlive = false
  #interim = 0

  constructor(events: ResponseEvents) {
    this.#events = events
  }

  get isTunnel(): boolean {
    return this.#phase === 'tunnel'
  }

  /** A response is under way, or asked for. */
  get isBusy(): boolean {
    return this.#phase !== 'none'
  }

  /** A request is on its way; `bodyless`: its response has no body, whatever its head says. */
  expect(bodyless: boolean): void {
    this.#phase = 'head'
    this.#bodyless = bodyless
    this.#interim = 0
  }

  /** Throws HttpError at what is no response. */
  read(bytes: Buffer): void {
    if (this.#phase === 'tunnel') this.#events.tunnelled(bytes)
    else if (this.#phase === 'body') this.#readBody(bytes)
    else if (this.#phase === 'head') this.#readHead(bytes)
    else throw new HttpError(502, 'bytes that nobody has asked for')
  }

  /** The upstream has closed its side: whether that is the proper end of the response. */
  endOfInput(): boolean {
    if (this.#phase !== 'body' || !(this.#decoder instanceof UntilCloseDecoder)) return false
    this.#complete(false)
    return true
  }

  #readHead(bytes: Buffer): void {
    this.#head.push(bytes)
    const head = this.#nextHead()
    if (!head) {
      this.#head.retain()
      return
    }
    const rest = this.#head.rest()
    this.#begin(head)
    if (head.status !== 101) this.#readBody(rest ?? NOTHING)
    else if (rest) this.#events.tunnelled(rest)
  }

  /** Interim answers (RFC 9110 §15.2) are not passed on, as in nginx. */
  #nextHead(): UpstreamResponseHead | undefined {
    for (let text = this.#head.take(); text !== undefined; text = this.#head.take()) {
      const head = parseUpstreamResponseHead(text)
      if (head.status >= 200 || head.status === 101) return head
      if (++this.#interim > INTERIM_LIMIT) throw new HttpError(502, 'interim answers without end')
    }
    return undefined
  }

  #begin(head: UpstreamResponseHead): void {
    const { minor, status, fields, framing, length } = head
    const connection = connectionOf(fields)?.toLowerCase()
    this.#keepAlive = minor === 1 ? !connection?.includes('close') : connection === 'keep-alive'
    this.#phase = status === 101 ? 'tunnel' : 'body'
    if (this.#bodyless || status === 204 || status === 304) this.#decoder = createBodyDecoder(0)
    else if (framing === 'close') this.#decoder = new UntilCloseDecoder()
    else this.#decoder = createBodyDecoder(framing === 'chunked' ? undefined : length)
    this.#events.head(head)
  }

  #readBody(bytes: Buffer): void {
    const decoder = this.#decoder as BodyDecoder
    const end = decoder.decode(bytes, 0, this.#onPiece)
    if (decoder.done) this.#complete(end === bytes.length)
  }

  #onPiece = (piece: Buffer): void => this.#events.piece(piece)

  #complete(clean: boolean): void {
    this.#phase = 'none'
    this.#events.end(clean && this.#keepAlive)
  }
}
