import type { Options } from './parse.ts'

const ASCII = 128
/** Stands for every character beyond ASCII together. */
const BEYOND = 1n << BigInt(ASCII)
const NEVER_BEYOND = /^(?:[^\\[.]|\\[dwntrfv]|\\[^A-Za-z0-9]|\[(?!\^)(?:[^\\]|\\[dwntrfv]|\\[^A-Za-z0-9])*\])$/

/** There are few items that regexes are made of, and each takes its time to look into. */
const MOST_REMEMBERED = 1_000
const remembered = new Map<string, CharacterSet>()

export function characterSet(item: string, { flags }: Options): CharacterSet {
  const key = `${flags}/${item}`
  const set = remembered.get(key) ?? new CharacterSet(item, flags)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(key, set)
  return set
}

/** The characters that one item of a regex stands for: a letter, an escape, a class in brackets, or a dot. */
export class CharacterSet {
  /** One bit a character; that of those beyond ASCII may be set without need. */
  readonly bits: bigint
  readonly #ascii: boolean[]
  readonly #item: RegExp

  constructor(item: string, flags: string) {
    this.#item = new RegExp(`^${item}$`, flags.replace('m', ''))
    this.#ascii = Array.from({ length: ASCII }, (_, code) => this.#item.test(String.fromCharCode(code)))
    const bits = this.#ascii.map((has, code) => (has ? 1n << BigInt(code) : 0n))
    const asciiOnly = NEVER_BEYOND.test(item) && !/[^\x00-\x7f]/.test(item) && !flags.includes('i')
    this.bits = bits.reduce((all, bit) => all | bit, asciiOnly ? 0n : BEYOND)
  }

  has(code: number): boolean {
    return this.#ascii[code] ?? this.#item.test(String.fromCodePoint(code))
  }
}
