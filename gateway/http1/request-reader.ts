import { HEAD_LIMIT, HeadReader, LINE_LIMIT } from './head-reader.ts'
import { assertLineSizes, parseRequestHead, type RequestHead } from './request-head.ts'

/** Reads request heads from the bytes of one connection. */
export class RequestReader {
  readonly #head = new HeadReader(HEAD_LIMIT)
  #taken: string | undefined

  /** Nothing of a next request has arrived. */
  get isEmpty(): boolean {
    return this.#head.isEmpty
  }

  push(bytes: Buffer): void {
    this.#head.push(bytes)
  }

  /** The next head and its size in bytes, once it is complete. Throws HttpError as soon as none can come of it. */
  take(): { head: RequestHead; size: number } | undefined {
    this.#taken = undefined
    const text = this.#head.take()
    this.#taken = text
    if (text !== undefined) return { head: parseRequestHead(text), size: text.length + 2 }
    const begun = this.#head.peek()
    if (begun.length > LINE_LIMIT) assertLineSizes(begun)
    return undefined
  }

  /** The method that a head names which is not complete, or cannot be read in the rest. */
  get method(): string {
    const [method = ''] = (this.#taken ?? this.#head.peek()).split(' ', 1)
    return method
  }

  /** Takes what has arrived behind the head. */
  rest(): Buffer | undefined {
    return this.#head.rest()
  }
}
