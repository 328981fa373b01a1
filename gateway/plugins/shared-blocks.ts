export const BLOCK = 1024

/** The first words: the first free block, how many blocks were ever used, how many of those are free. */
const [FREE, USED, LEFT] = [0, 1, 2]
const HEAD = 3

export const blocksFor = (bytes: number): number => Math.max(1, Math.ceil(bytes / BLOCK))
/** How many words it takes to keep account of so many blocks. */
export const wordsFor = (blocks: number): number => HEAD + blocks + 1

/** Memory in blocks of one size, chained up to hold what is longer. Blocks count from 1; it is for the caller to lock. */
export class SharedBlocks {
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  readonly total: number

  constructor(words: Int32Array, bytes: Uint8Array) {
    this.#words = words
    this.#bytes = bytes
    this.total = Math.floor(bytes.length / BLOCK)
  }

  get free(): number {
    return this.total - (this.#words[USED] as number) + (this.#words[LEFT] as number)
  }

  /** Gives the first block of the chain; there must be enough free ones. */
  write(value: Uint8Array): number {
    const first = this.#take()
    let block = first
    for (let at = 0; ; ) {
      this.#bytes.set(value.subarray(at, at + BLOCK), (block - 1) * BLOCK)
      at += BLOCK
      const next = at < value.length ? this.#take() : 0
      this.#words[HEAD + block] = next
      if (next === 0) return first
      block = next
    }
  }

  read(first: number, length: number): Buffer {
    const value = Buffer.allocUnsafe(length)
    let block = first
    for (let at = 0; at < length; ) {
      const start = (block - 1) * BLOCK
      let end = start + BLOCK
      // Blocks that lie side by side are copied at once.
      for (; this.#words[HEAD + block] === block + 1; block++) end += BLOCK
      const run = this.#bytes.subarray(start, Math.min(end, start + length - at))
      value.set(run, at)
      at += run.length
      block = this.#words[HEAD + block] as number
    }
    return value
  }

  /** The chain will be taken again in its order. */
  release(first: number): void {
    let last = first
    let count = 1
    for (let next = this.#words[HEAD + last]; next; next = this.#words[HEAD + last]) {
      last = next
      count++
    }
    this.#words[HEAD + last] = this.#words[FREE] as number
    this.#words[FREE] = first
    this.#words[LEFT] = (this.#words[LEFT] as number) + count
  }

  clear(): void {
    this.#words.fill(0, 0, HEAD)
  }

  /** What has been used before comes first: memory that was never touched takes no room. */
  #take(): number {
    const block = this.#words[FREE] as number
    if (block === 0) {
      this.#words[USED] = (this.#words[USED] as number) + 1
      return this.#words[USED] as number
    }
    this.#words[FREE] = this.#words[HEAD + block] as number
    this.#words[LEFT] = (this.#words[LEFT] as number) - 1
    return block
  }
}
