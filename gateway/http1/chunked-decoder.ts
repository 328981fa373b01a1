import { HttpError } from './http-error.ts'

type State = 'size' | 'data' | 'after-data' | 'trailer' | 'done'

const CR = 0x0d
const LF = 0x0a
/** Room for a size with extensions, or for one trailer line. */
const LINE_LIMIT = 4096
/** All trailer lines together. */
const TRAILER_LIMIT = 16 * 1024
/** RFC 9112 §7.1; extensions are allowed and ignored, but must not hide a control character. */
const SIZE_LINE = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/
const TRAILER_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/

/** RFC 9112 §7.1, strictly: every line ends with CRLF. Trailers are checked and dropped. */
export class ChunkedDecoder {
  #state: State = 'size'
  /** Bytes of the current chunk that are still to come. */
  #left = 0
  /** The unfinished line. */
  #line = ''
  #trailerBytes = 0

  get done(): boolean {
    return this.#state === 'done'
  }

  decode(bytes: Buffer, from: number, take: (piece: Buffer) => void): number {
    let at = from
    while (at < bytes.length && this.#state !== 'done') {
      at = this.#state === 'data' ? this.#data(bytes, at, take) : this.#lineFrom(bytes, at)
    }
    return at
  }

  #data(bytes: Buffer, at: number, take: (piece: Buffer) => void): number {
    const end = Math.min(bytes.length, at + this.#left)
    this.#left -= end - at
    if (this.#left === 0) this.#state = 'after-data'
    take(bytes.subarray(at, end))
    return end
  }

  #lineFrom(bytes: Buffer, at: number): number {
    const lf = bytes.indexOf(LF, at)
    const end = lf < 0 ? bytes.length : lf + 1
    this.#line += bytes.toString('latin1', at, end)
    if (this.#line.length > LINE_LIMIT) throw new HttpError(400, 'chunk line too long')
    if (lf >= 0) this.#lineComplete()
    else if (this.#state === 'after-data' && this.#line.charCodeAt(0) !== CR) throw new HttpError(400, 'chunk too long')
    return end
  }

  #lineComplete(): void {
    if (!this.#line.endsWith('\r\n')) throw new HttpError(400, 'bare line break in a chunked body')
    const line = this.#line.slice(0, -2)
    this.#line = ''
    if (this.#state === 'size') this.#size(line)
    else if (this.#state === 'trailer') this.#trailer(line)
    else if (line === '') this.#state = 'size'
    else throw new HttpError(400, 'chunk longer than its size')
  }

  #size(line: string): void {
    const found = SIZE_LINE.exec(line)
    if (!found) throw new HttpError(400, 'invalid chunk size')
    this.#left = Number.parseInt(found[1] as string, 16)
    this.#state = this.#left === 0 ? 'trailer' : 'data'
  }

  #trailer(line: string): void {
    this.#trailerBytes += line.length
    if (line === '') this.#state = 'done'
    else if (this.#trailerBytes > TRAILER_LIMIT || !TRAILER_LINE.test(line)) throw new HttpError(400, 'invalid trailer')
  }
}
