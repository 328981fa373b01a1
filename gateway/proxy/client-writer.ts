import type { Socket } from 'node:net'
import type { WriteBatch } from './write-batch.ts'

/** Gathers what one event produces for the client (head, pieces of the body, chunk sizes) and sends it in one write. */
export class ClientWriter {
  readonly #socket: Socket
  readonly #writes: WriteBatch
  #parts: (string | Uint8Array)[] = []
  #size = 0
  /** Bytes of the current answer. */
  sent = 0

  constructor(socket: Socket, writes: WriteBatch) {
    this.#socket = socket
    this.#writes = writes
  }

  /** Text is latin1. Bytes are copied when they are sent, so they must stay as they are until `flush`. */
  add(part: string | Uint8Array): void {
    this.#parts.push(part)
    this.#size += part.length
  }

  addChunk(piece: Uint8Array): void {
    this.add(`${piece.length.toString(16)}\r\n`)
    this.add(piece)
    this.add('\r\n')
  }

  /** False when the client should be given time to read. */
  flush(): boolean {
    if (this.#size === 0) return !this.#socket.writableNeedDrain
    const [first] = this.#parts
    const single = this.#parts.length === 1 && typeof first === 'string'
    const flowing = this.#writes.write(this.#socket, single ? first : this.#joined())
    this.sent += this.#size
    this.#parts = []
    this.#size = 0
    return flowing
  }

  #joined(): Buffer {
    const joined = Buffer.allocUnsafe(this.#size)
    let at = 0
    for (const part of this.#parts) {
      if (typeof part === 'string') joined.write(part, at, 'latin1')
      else joined.set(part, at)
      at += part.length
    }
    return joined
  }
}
