export interface Token {
  kind: 'name' | 'keyword' | 'text' | 'number' | 'sign' | 'end'
  text: string
}

const KEYWORDS = new Set(
  (
    'and break do else elseif end false for function goto if in local nil not or ' +
    'repeat return then true until while'
  ).split(' '),
)

const SPACE = /(?:\s+|--\[\[.*?\]\]|--[^\n]*)*/sy
const NAME = '([A-Za-z_]\\w*)'
const QUOTED = `"((?:[^"\\\\\\n]|\\\\.)*)"|'((?:[^'\\\\\\n]|\\\\.)*)'|\\[\\[\\n?(.*?)\\]\\]`
const NUMBER = '(0x[\\da-f]+|(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?)'
const SIGN = '(==|~=|<=|>=|\\.\\.|[<>=+\\-*/%^#.:,;[\\](){}])'
const TOKEN = new RegExp(`${NAME}|${QUOTED}|${NUMBER}|${SIGN}`, 'isy')

const ESCAPE = /\\(?:(\d{1,3})|x([\da-f]{2})|z\s*|(.))/gis
const ESCAPED: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** Lua 5.1 §2.1, and what LuaJIT takes of escapes besides. */
const unescaped = (literal: string): string =>
  literal.replace(ESCAPE, (_escape, decimal?: string, hexadecimal?: string, other?: string) => {
    if (decimal !== undefined) return String.fromCharCode(Number(decimal))
    if (hexadecimal !== undefined) return String.fromCharCode(Number.parseInt(hexadecimal, 16))
    return other === undefined ? '' : (ESCAPED[other] ?? other)
  })

/** A source text, token by token. */
export class Tokens {
  readonly #tokens: Token[]
  #at = 0

  constructor(source: string) {
    this.#tokens = [...read(source)]
  }

  /** `ahead`: so many tokens behind the next one. */
  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? END
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** Whether the next token is this sign or keyword. */
  isNext(text: string, ahead = 0): boolean {
    const { kind, text: found } = this.peek(ahead)
    return found === text && (kind === 'sign' || kind === 'keyword')
  }

  /** Goes on if it is. */
  take(text: string): boolean {
    const found = this.isNext(text)
    if (found) this.#at++
    return found
  }

  expect(text: string): void {
    if (!this.take(text)) throw new SyntaxError(`'${text}' expected near '${this.peek().text}'`)
  }

  name(): string {
    const { kind, text } = this.next()
    if (kind !== 'name') throw new SyntaxError(`unexpected '${text}'`)
    return text
  }
}

const END: Token = { kind: 'end', text: 'end of template' }

function* read(source: string): Generator<Token> {
  for (let at = behindSpace(source, 0); at < source.length; at = behindSpace(source, TOKEN.lastIndex)) {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(source)
    if (found === null) throw new SyntaxError(`unexpected '${source.charAt(at)}'`)
    yield tokenOf(found)
  }
}

function behindSpace(source: string, at: number): number {
  SPACE.lastIndex = at
  SPACE.exec(source)
  return SPACE.lastIndex
}

function tokenOf([, name, double, single, long, digits, sign]: RegExpExecArray): Token {
  if (name !== undefined) return { kind: KEYWORDS.has(name) ? 'keyword' : 'name', text: name }
  const quoted = double ?? single
  if (quoted !== undefined) return { kind: 'text', text: unescaped(quoted) }
  if (long !== undefined) return { kind: 'text', text: long }
  return digits === undefined ? { kind: 'sign', text: sign as string } : { kind: 'number', text: digits }
}
