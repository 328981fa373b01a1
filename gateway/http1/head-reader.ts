import { HttpError } from './http-error.ts'

/** nginx's `large_client_header_buffers 4 8k`: what one line and one head may measure. */
export const LINE_LIMIT = 8 * 1024
export const HEAD_LIMIT = 4 * LINE_LIMIT

const CR = 0x0d
const LF = 0x0a
const END = Buffer.from('\r\n\r\n')

/** Gathers the bytes of a message head until its empty line has arrived. */
export class HeadReader {
  readonly #limit: number
  #pending: Buffer | undefined
  /** Where the search for the end goes on, so that a head arriving byte by byte is scanned once. */
  #searched = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get isEmpty(): boolean {
    return this.#pending === undefined
  }

  push(bytes: Buffer): void {
    this.#pending = this.#pending ? Buffer.concat([this.#pending, bytes]) : bytes
  }

  /** The head without its empty line, once it is complete; every line ends with CRLF. What follows stays for `rest`. */
  take(): string | undefined {
    this.#skipEmptyLines()
    const bytes = this.#pending
    if (!bytes) return undefined
    const end = bytes.indexOf(END, this.#searched)
    if (end > this.#limit || (end < 0 && bytes.length > this.#limit)) throw tooLarge(bytes)
    if (end < 0) {
      assertLineBreaks(bytes, this.#searched)
      this.#searched = Math.max(0, bytes.length - END.length + 1)
      return undefined
    }
    const head = bytes.toString('latin1', 0, end + 2)
    this.#keep(end + END.length)
    return head
  }

  /** Takes whatever has arrived behind the head. */
  rest(): Buffer | undefined {
    const bytes = this.#pending
    this.#pending = undefined
    this.#searched = 0
    return bytes
  }

  /** Copies what is pending: for a caller whose buffer is about to be used again. */
  retain(): void {
    if (this.#pending) this.#pending = Buffer.from(this.#pending)
  }

  /** What has arrived of an incomplete head. */
  peek(): string {
    return this.#pending ? this.#pending.toString('latin1', 0, this.#limit) : ''
  }

  /** RFC 9112 §2.2: a server should ignore an empty line before the request line. */
  #skipEmptyLines(): void {
    const bytes = this.#pending
    let at = 0
    while (bytes && bytes[at] === CR && bytes[at + 1] === LF) at += 2
    if (at > 0) this.#keep(at)
  }

  #keep(from: number): void {
    const bytes = this.#pending as Buffer
    this.#pending = from < bytes.length ? bytes.subarray(from) : undefined
    this.#searched = 0
  }
}

/** nginx tells a first line that is too long from all the rest. */
function tooLarge(bytes: Buffer): HttpError {
  const firstEnd = bytes.indexOf(LF)
  const isFirst = firstEnd < 0 || firstEnd > LINE_LIMIT
  return new HttpError(isFirst ? 414 : 494, 'head too large')
}

/** A head with bare line breaks would never end; it is refused at once. */
function assertLineBreaks(bytes: Buffer, from: number): void {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] !== CR) throw new HttpError(400, 'bare line break')
  }
}
