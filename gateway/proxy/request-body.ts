import { BodyTooLarge } from '../exchange.ts'
import type { BodyDecoder } from '../http1/body-decoder.ts'

/** Takes a request body on its way upstream. */
export interface BodySink {
  /** False when no more should come until the sink asks for it with `resume`. */
  write(piece: Buffer): boolean
  end(): void
}

/** The client's side of a body that is still arriving. */
export interface BodySource {
  pause(): void
  resume(): void
  /** Answers `Expect: 100-continue`. */
  sendContinue(): void
}

/** How much of a body is kept for a further try; a longer body that has been sent is not sent again. */
const REPLAY_LIMIT = 1024 * 1024

interface Reader {
  limit: number
  resolve: (body: Buffer) => void
  reject: (reason: Error) => void
}

/** A request's body: streamed as it arrives, kept as far as a second try or a plugin needs it. */
export class RequestBody {
  readonly #decoder: BodyDecoder
  readonly #source: BodySource
  #expectsContinue: boolean
  #kept: Buffer[] = []
  #keptBytes = 0
  #complete = true
  #sink: BodySink | undefined
  #reader: Reader | undefined
  /** Whether pieces are kept once they have been handed on. */
  keepsSent = true
  /** Bytes so far. */
  received = 0

  constructor(decoder: BodyDecoder, source: BodySource, expectsContinue: boolean) {
    this.#decoder = decoder
    this.#source = source
    this.#expectsContinue = expectsContinue
  }

  get done(): boolean {
    return this.#decoder.done
  }

  /** The client waits for our 100 before it sends anything. */
  get isHeldBack(): boolean {
    return this.#expectsContinue && !this.done
  }

  /** Everything so far can be sent again. */
  get isReplayable(): boolean {
    return this.#complete
  }

  /** The whole body's length, once it is here and kept. */
  get knownLength(): number | undefined {
    return this.done && this.#complete ? this.#keptBytes : undefined
  }

  /** Takes the body's bytes; gives the index of the first one that is not the body's. */
  feed(bytes: Buffer, at: number): number {
    const end = this.#decoder.decode(bytes, at, this.#take)
    if (this.done) this.#finish()
    return end
  }

  /** Sends the body from its beginning to `sink`, and goes on as it arrives. */
  pipe(sink: BodySink): void {
    let flowing = true
    for (const piece of this.#kept) flowing = sink.write(piece) && flowing
    if (!this.keepsSent) this.#forget()
    if (this.done) {
      sink.end()
      return
    }
    this.#sink = sink
    this.#proceed()
    if (!flowing) this.#source.pause()
  }

  unpipe(): void {
    this.#sink = undefined
    if (!this.done) this.#source.pause()
  }

  /** The sink takes pieces again. */
  resume(): void {
    if (!this.done) this.#source.resume()
  }

  collect(limit: number): Promise<Buffer> {
    if (this.#keptBytes > limit) return Promise.reject(new BodyTooLarge('the body is larger than its limit'))
    if (this.done) return Promise.resolve(Buffer.concat(this.#kept))
    return new Promise((resolve, reject) => {
      this.#reader = { limit, resolve, reject }
      this.#proceed()
    })
  }

  /** Drops what is still to come. */
  discard(): void {
    this.#forget()
    this.#sink = NOWHERE
    this.#source.resume()
  }

  /** No more will come. */
  fail(reason: Error): void {
    this.#sink = undefined
    this.#reader?.reject(reason)
    this.#reader = undefined
  }

  #proceed(): void {
    if (this.#expectsContinue) this.#source.sendContinue()
    this.#expectsContinue = false
    this.#source.resume()
  }

  #take = (piece: Buffer): void => {
    this.received += piece.length
    if (!this.#sink || (this.keepsSent && this.#complete)) this.#keep(piece)
    if (this.#sink && !this.#sink.write(piece)) this.#source.pause()
    const reader = this.#reader
    if (!reader || this.#keptBytes <= reader.limit) return
    this.#reader = undefined
    this.#source.pause()
    reader.reject(new BodyTooLarge('the body is larger than its limit'))
  }

  #keep(piece: Buffer): void {
    this.#kept.push(piece)
    this.#keptBytes += piece.length
    if (this.#sink && this.#keptBytes > REPLAY_LIMIT) this.#forget()
  }

  #forget(): void {
    this.#kept = []
    this.#keptBytes = 0
    this.#complete = false
  }

  #finish(): void {
    const sink = this.#sink
    this.#sink = undefined
    sink?.end()
    this.#reader?.resolve(Buffer.concat(this.#kept))
    this.#reader = undefined
  }
}

const NOWHERE: BodySink = {
  write: () => true,
  end() {
    // Nobody waits for this body.
  },
}
