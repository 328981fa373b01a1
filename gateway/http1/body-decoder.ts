import { ChunkedDecoder } from './chunked-decoder.ts'

/** Finds the end of a message body and takes its framing off. */
export interface BodyDecoder {
  /** The last byte has been taken. */
  readonly done: boolean
  /** Hands each run of content from `at` on to `take`; gives the index of the first byte that is not the body's any more. */
  decode(bytes: Buffer, at: number, take: (piece: Buffer) => void): number
}

/** `undefined`: chunked. */
export function createBodyDecoder(length: number | undefined): BodyDecoder {
  return length === undefined ? new ChunkedDecoder() : new LengthDecoder(length)
}

export class LengthDecoder implements BodyDecoder {
  #left: number

  constructor(length: number) {
    this.#left = length
  }

  get done(): boolean {
    return this.#left === 0
  }

  decode(bytes: Buffer, at: number, take: (piece: Buffer) => void): number {
    const end = Math.min(bytes.length, at + this.#left)
    if (end > at) {
      this.#left -= end - at
      take(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end))
    }
    return end
  }
}

/** A body that ends with its connection. */
export class UntilCloseDecoder implements BodyDecoder {
  readonly done = false

  decode(bytes: Buffer, at: number, take: (piece: Buffer) => void): number {
    if (at < bytes.length) take(bytes.subarray(at))
    return bytes.length
  }
}
