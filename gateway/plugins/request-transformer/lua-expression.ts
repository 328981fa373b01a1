import type { Names } from './lua-names.ts'
import { call, member } from './lua-text.ts'
import { Tokens } from './lua-tokens.ts'
import { apply, isTrue, length, number, OPERATIONS, tableOf, type Value } from './lua-values.ts'

export type Expression = (names: Names) => Value

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

interface Field {
  key: Expression | undefined
  value: Expression
}

/** Reads Lua's expressions. Throws SyntaxError at anything else. */
export abstract class ExpressionParser {
  protected readonly tokens: Tokens

  constructor(source: string) {
    this.tokens = new Tokens(source)
  }

  /** Behind the word `function`. */
  protected abstract function(): Expression

  expression(limit = 0): Expression {
    let left = this.#unary()
    for (;;) {
      const { kind, text } = this.tokens.peek()
      const binding = kind === 'sign' || kind === 'keyword' ? BINDING[text] : undefined
      if (binding === undefined || binding[0] <= limit) return left
      this.tokens.next()
      left = joined(text, left, this.expression(binding[1]))
    }
  }

  protected list(): Expression[] {
    const listed = [this.expression()]
    while (this.tokens.take(',')) listed.push(this.expression())
    return listed
  }

  /** A name or what stands in brackets, and what may follow it: `.name`, `[key]`, `:method(…)`, `(…)`. */
  protected suffixed(): Expression {
    let value = this.#prefix()
    for (;;) {
      const before = value
      if (this.tokens.take('.')) {
        const name = this.tokens.name()
        value = (names) => member(before(names), name)
      } else if (this.tokens.take('[')) {
        const key = this.#closedBy(']')
        value = (names) => member(before(names), key(names))
      } else if (this.tokens.take(':')) {
        const name = this.tokens.name()
        this.tokens.expect('(')
        const given = this.#arguments()
        value = (names) => call(before(names), name, given(names))
      } else if (this.tokens.take('(')) {
        const given = this.#arguments()
        value = (names) => apply(before(names), given(names))
      } else return value
    }
  }

  #unary(): Expression {
    const { text, kind } = this.tokens.peek()
    const operation = kind === 'sign' || kind === 'keyword' ? UNARY[text] : undefined
    if (operation === undefined) return this.#operand()
    this.tokens.next()
    const operand = this.expression(UNARY_BINDING)
    return (names) => operation(operand(names))
  }

  #operand(): Expression {
    const { kind, text } = this.tokens.peek()
    if (kind === 'name' || this.tokens.isNext('(')) return this.suffixed()
    if (this.tokens.take('function')) return this.function()
    if (this.tokens.take('{')) return this.#table()
    this.tokens.next()
    if (kind === 'text') return () => text
    if (kind === 'number') return () => Number(text)
    if (text === 'nil') return () => undefined
    if (text === 'true' || text === 'false') return () => text === 'true'
    throw new SyntaxError(`unexpected '${text}'`)
  }

  #prefix(): Expression {
    if (this.tokens.take('(')) return this.#closedBy(')')
    const name = this.tokens.name()
    return (names) => names.get(name)
  }

  #closedBy(sign: string): Expression {
    const inner = this.expression()
    this.tokens.expect(sign)
    return inner
  }

  #arguments(): (names: Names) => Value[] {
    if (this.tokens.take(')')) return () => []
    const given = this.list()
    this.tokens.expect(')')
    return (names) => given.map((one) => one(names))
  }

  #table(): Expression {
    const fields: Field[] = []
    while (!this.tokens.take('}')) {
      fields.push(this.#field())
      if (!this.tokens.isNext('}') && !this.tokens.take(',')) this.tokens.expect(';')
    }
    return (names) => tableOf(fields.map(({ key, value }) => ({ key: key?.(names), value: value(names) })))
  }

  #field(): Field {
    if (this.tokens.take('[')) {
      const key = this.#closedBy(']')
      this.tokens.expect('=')
      return { key, value: this.expression() }
    }
    if (!this.tokens.isNext('=', 1)) return { key: undefined, value: this.expression() }
    const name = this.tokens.name()
    this.tokens.expect('=')
    return { key: () => name, value: this.expression() }
  }
}

/** `and` and `or` look at what follows only if they must. */
function joined(sign: string, left: Expression, right: Expression): Expression {
  if (sign === 'and' || sign === 'or')
    return (names) => {
      const value = left(names)
      return isTrue(value) === (sign === 'and') ? right(names) : value
    }
  const operation = OPERATIONS[sign] as (left: Value, right: Value) => Value
  return (names) => operation(left(names), right(names))
}
