import { call } from './lua-text.ts'
import { isTrue, length, member, number, OPERATIONS, type Table, typeOf, type Value } from './lua-values.ts'

/** What an expression may speak of. */
export interface TemplateScope {
  headers: Table
  query_params: Table
  uri_captures: Table
}

export type Expression = (scope: TemplateScope) => Value

const TOKEN =
  /\s*(?:([A-Za-z_]\w*)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(==|~=|<=|>=|\.\.|[<>+\-*/%^#.:,[\]()]))/iy

const KEYWORDS = new Set(
  (
    'and break do else elseif end false for function if in local nil not or ' + 'repeat return then true until while'
  ).split(' '),
)
const ROOTS = ['headers', 'query_params', 'uri_captures'] as const
/** What Lua plugins tell each other: there are none here. */
const SHARED: Table = { get: () => undefined }

/** How tightly an operator binds what stands before it, and behind it (Lua 5.1 §2.5.6). */
const BINDING: Record<string, [before: number, behind: number]> = {
  or: [1, 1],
  and: [2, 2],
  ...Object.fromEntries(['<', '>', '<=', '>=', '~=', '=='].map((sign) => [sign, [3, 3]])),
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
}
const UNARY_BINDING = 8

const UNARY: Record<string, (value: Value) => Value> = {
  not: (value) => !isTrue(value),
  '-': (value) => -number(value),
  '#': length,
}

/** Reads the expression that begins at `at`, up to the bracket that closes it. Throws SyntaxError at what it does not know. */
export function parseExpression(source: string, at: number): { expression: Expression; end: number } {
  const parser = new Parser(source, at)
  const expression = parser.expression()
  parser.expect(')')
  return { expression, end: parser.at }
}

interface Token {
  kind: 'name' | 'keyword' | 'text' | 'number' | 'sign' | 'end'
  text: string
}

class Parser {
  readonly #source: string
  at: number

  constructor(source: string, at: number) {
    this.#source = source
    this.at = at
  }

  expression(limit = 0): Expression {
    let left = this.#unary()
    for (;;) {
      const sign = this.#peek()
      const binding = sign.kind === 'sign' || sign.kind === 'keyword' ? BINDING[sign.text] : undefined
      if (binding === undefined || binding[0] <= limit) return left
      this.#next()
      left = joined(sign.text, left, this.expression(binding[1]))
    }
  }

  expect(sign: string): void {
    if (!this.#take(sign)) throw new SyntaxError(`'${sign}' expected`)
  }

  #unary(): Expression {
    const { text, kind } = this.#peek()
    const operation = kind === 'sign' || kind === 'keyword' ? UNARY[text] : undefined
    if (operation === undefined) return this.#operand()
    this.#next()
    const operand = this.expression(UNARY_BINDING)
    return (scope) => operation(operand(scope))
  }

  #operand(): Expression {
    const { kind, text } = this.#next()
    if (kind === 'text') return () => text
    if (kind === 'number') return () => Number(text)
    if (text === 'nil') return () => undefined
    if (text === 'true' || text === 'false') return () => text === 'true'
    if (text === '(' && kind === 'sign') return this.#suffixed(this.#bracketed())
    if (kind !== 'name') throw new SyntaxError(`unexpected '${text}'`)
    if (text === 'type') return this.#typeCall()
    const root = ROOTS.find((known) => known === text)
    // The sandbox has nothing else, `string` neither: any other name is nil, and fails where it is called or indexed.
    return this.#suffixed((scope) => (root ? scope[root] : text === 'shared' ? SHARED : undefined))
  }

  #bracketed(): Expression {
    const inner = this.expression()
    this.expect(')')
    return inner
  }

  #typeCall(): Expression {
    this.expect('(')
    const value = this.#bracketed()
    return (scope) => typeOf(value(scope))
  }

  /** What may follow a value: `.name`, `[key]`, `:method(…)`, and `(…)`, though no value is a function. */
  #suffixed(start: Expression): Expression {
    let value = start
    for (;;) {
      const before = value
      if (this.#take('.')) {
        const name = this.#name()
        value = (scope) => member(before(scope), name)
      } else if (this.#take('[')) {
        const key = this.expression()
        this.expect(']')
        value = (scope) => member(before(scope), key(scope))
      } else if (this.#take(':')) {
        const name = this.#name()
        this.expect('(')
        const given = this.#arguments()
        value = (scope) =>
          call(
            before(scope),
            name,
            given.map((one) => one(scope)),
          )
      } else if (this.#take('(')) {
        this.#arguments()
        value = (scope) => {
          throw new TypeError(`a ${typeOf(before(scope))} value cannot be called`)
        }
      } else return value
    }
  }

  #arguments(): Expression[] {
    const given: Expression[] = []
    if (this.#take(')')) return given
    do given.push(this.expression())
    while (this.#take(','))
    this.expect(')')
    return given
  }

  #name(): string {
    const { kind, text } = this.#next()
    if (kind !== 'name') throw new SyntaxError(`unexpected '${text}'`)
    return text
  }

  #take(sign: string): boolean {
    const found = this.#peek()
    if (found.kind !== 'sign' || found.text !== sign) return false
    this.#next()
    return true
  }

  #peek(): Token {
    const before = this.at
    const token = this.#next()
    this.at = before
    return token
  }

  #next(): Token {
    TOKEN.lastIndex = this.at
    const found = TOKEN.exec(this.#source)
    if (found === null) return { kind: 'end', text: this.#source.slice(this.at, this.at + 1) || 'end' }
    this.at = TOKEN.lastIndex
    const [, name, double, single, digits, sign] = found
    if (name !== undefined) return { kind: KEYWORDS.has(name) ? 'keyword' : 'name', text: name }
    const literal = double ?? single
    if (literal !== undefined) return { kind: 'text', text: literal.replace(/\\(.)/g, '$1') }
    return digits === undefined ? { kind: 'sign', text: sign as string } : { kind: 'number', text: digits }
  }
}

/** `and` and `or` look at what follows only if they must. */
function joined(sign: string, left: Expression, right: Expression): Expression {
  if (sign === 'and' || sign === 'or')
    return (scope) => {
      const value = left(scope)
      return isTrue(value) === (sign === 'and') ? right(scope) : value
    }
  const operation = OPERATIONS[sign] as (left: Value, right: Value) => Value
  return (scope) => operation(left(scope), right(scope))
}
