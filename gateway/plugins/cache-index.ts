import { BLOCK, blocksFor, SharedBlocks, wordsFor } from './shared-blocks.ts'

/** The first words: the lock, and the entries that were used last and first. */
export const LOCK = 0
const [NEWEST, OLDEST] = [1, 2]
const HEAD = 3
/** Of an entry, behind the four words of its hash. */
const [NEXT, NEWER, OLDER, LENGTH] = [4, 5, 6, 7]
const ENTRY = 8

/** 128 bits. */
export type Hash = Int32Array

/** Memory for so many bytes of values; what is never used of it takes no room. */
export function indexMemory(capacity: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(layout(blocksFor(capacity)).end)
  new Float64Array(buffer, 0, 1)[0] = blocksFor(capacity)
  return buffer
}

/** The number of blocks, when entries end, the index, the account of the blocks, the blocks. */
function layout(blocks: number) {
  const ends = Float64Array.BYTES_PER_ELEMENT
  const index = ends + (blocks + 1) * Float64Array.BYTES_PER_ELEMENT
  const indexWords = HEAD + blocks + (blocks + 1) * ENTRY
  const account = index + indexWords * Int32Array.BYTES_PER_ELEMENT
  const bytes = account + wordsFor(blocks) * Int32Array.BYTES_PER_ELEMENT
  return { ends, index, indexWords, account, bytes, end: bytes + blocks * BLOCK }
}

/** Values by hash, and in which order they were used. An entry is called by the first block of its value. For who holds the lock. */
export class CacheIndex {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly #ends: Float64Array
  readonly #blocks: SharedBlocks

  constructor(buffer: SharedArrayBuffer) {
    const blocks = new Float64Array(buffer, 0, 1)[0] as number
    const { ends, index, indexWords, account, bytes } = layout(blocks)
    this.#ends = new Float64Array(buffer, ends, blocks + 1)
    this.words = new Int32Array(buffer, index, indexWords)
    const own = new Int32Array(buffer, account, wordsFor(blocks))
    this.#blocks = new SharedBlocks(own, new Uint8Array(buffer, bytes, blocks * BLOCK))
  }

  get(hash: Hash, now: number): Buffer | undefined {
    const entry = this.#find(hash)
    if (entry === 0) return undefined
    if ((this.#ends[entry] as number) <= now) {
      this.#remove(entry)
      return undefined
    }
    this.#detach(entry)
    this.#attach(entry)
    return this.#blocks.read(entry, this.#of(entry, LENGTH))
  }

  set(hash: Hash, value: Uint8Array, end: number): void {
    this.delete(hash)
    const wanted = blocksFor(value.length)
    if (wanted > this.#blocks.total) return
    while (this.#blocks.free < wanted) this.#remove(this.words[OLDEST] as number)
    const entry = this.#blocks.write(value)
    const bucket = this.#bucketOf(hash)
    this.words.set(hash, this.#at(entry))
    this.#put(entry, NEXT, this.words[bucket] as number)
    this.#put(entry, LENGTH, value.length)
    this.#ends[entry] = end
    this.words[bucket] = entry
    this.#attach(entry)
  }

  delete(hash: Hash): void {
    const entry = this.#find(hash)
    if (entry !== 0) this.#remove(entry)
  }

  clear(): void {
    this.words.fill(0, NEWEST, HEAD + this.#blocks.total)
    this.#blocks.clear()
  }

  occupancy(): { used: number; total: number } {
    const { total, free } = this.#blocks
    return { used: (total - free) * BLOCK, total: total * BLOCK }
  }

  #at(entry: number): number {
    return HEAD + this.#blocks.total + entry * ENTRY
  }

  #of(entry: number, word: number): number {
    return this.words[this.#at(entry) + word] as number
  }

  #put(entry: number, word: number, value: number): void {
    this.words[this.#at(entry) + word] = value
  }

  #bucketOf(hash: ArrayLike<number>): number {
    return HEAD + (((hash[0] as number) >>> 0) % this.#blocks.total)
  }

  #find(hash: Hash): number {
    let entry = this.words[this.#bucketOf(hash)] as number
    while (entry !== 0 && !this.#is(entry, hash)) entry = this.#of(entry, NEXT)
    return entry
  }

  #is(entry: number, hash: Hash): boolean {
    for (let at = 0; at < hash.length; at++) if (this.#of(entry, at) !== hash[at]) return false
    return true
  }

  #remove(entry: number): void {
    const bucket = this.#bucketOf([this.#of(entry, 0)])
    let before = 0
    for (let other = this.words[bucket] as number; other !== entry; other = this.#of(other, NEXT)) before = other
    if (before === 0) this.words[bucket] = this.#of(entry, NEXT)
    else this.#put(before, NEXT, this.#of(entry, NEXT))
    this.#detach(entry)
    this.#blocks.release(entry)
  }

  /** Makes it the one that was used last. */
  #attach(entry: number): void {
    const newest = this.words[NEWEST] as number
    this.#put(entry, OLDER, newest)
    this.#put(entry, NEWER, 0)
    if (newest === 0) this.words[OLDEST] = entry
    else this.#put(newest, NEWER, entry)
    this.words[NEWEST] = entry
  }

  #detach(entry: number): void {
    const [newer, older] = [this.#of(entry, NEWER), this.#of(entry, OLDER)]
    if (newer === 0) this.words[NEWEST] = older
    else this.#put(newer, OLDER, older)
    if (older === 0) this.words[OLDEST] = newer
    else this.#put(older, NEWER, newer)
  }
}
