import { type Expression, ExpressionParser } from './lua-expression.ts'
import { Names } from './lua-names.ts'
import { isTrue } from './lua-values.ts'

/** Gives what a `return` in it has given; undefined where it has come to none. */
type Statement = (names: Names) => { value: ReturnType<Expression> } | undefined

/** Of Lua: expressions, and in them functions that need no loop. Throws SyntaxError at anything else. */
export function parseExpression(source: string): Expression {
  const parser = new Parser(source)
  const expression = parser.expression()
  parser.end()
  return expression
}

class Parser extends ExpressionParser {
  end(): void {
    const { kind, text } = this.tokens.peek()
    if (kind !== 'end') throw new SyntaxError(`unexpected '${text}'`)
  }

  protected override function(): Expression {
    const parameters: string[] = []
    this.tokens.expect('(')
    if (!this.tokens.isNext(')')) parameters.push(...this.#names())
    this.tokens.expect(')')
    const body = this.#closedBlock()
    return (around) =>
      (...values) => {
        const names = new Names(around)
        for (const [at, name] of parameters.entries()) names.declare(name, values[at])
        return body(names)?.value
      }
  }

  #names(): string[] {
    const names = [this.tokens.name()]
    while (this.tokens.take(',')) names.push(this.tokens.name())
    return names
  }

  #closedBlock(): Statement {
    const block = this.#block()
    this.tokens.expect('end')
    return block
  }

  #block(): Statement {
    const statements: Statement[] = []
    while (!this.#isOver()) {
      if (this.tokens.take(';')) continue
      const returns = this.tokens.isNext('return')
      statements.push(this.#statement())
      if (returns && !this.#isOver()) throw new SyntaxError(`unexpected '${this.tokens.peek().text}' behind a return`)
    }
    return (around) => {
      const names = new Names(around)
      for (const statement of statements) {
        const returned = statement(names)
        if (returned) return returned
      }
      return undefined
    }
  }

  #isOver(): boolean {
    return ['end', 'else', 'elseif'].some((word) => this.tokens.isNext(word))
  }

  #statement(): Statement {
    if (this.tokens.take('return')) return this.#return()
    if (this.tokens.take('if')) return this.#if()
    if (this.tokens.take('do')) return this.#closedBlock()
    if (this.tokens.take('local')) return this.tokens.take('function') ? this.#localFunction() : this.#local()
    return this.tokens.isNext('=', 1) ? this.#assignment() : effect(this.suffixed())
  }

  /** Of several values a caller sees the first. */
  #return(): Statement {
    const given = this.#isOver() || this.tokens.isNext(';') ? [] : this.list()
    this.tokens.take(';')
    return (names) => ({ value: given.map((one) => one(names))[0] })
  }

  #if(): Statement {
    const condition = this.expression()
    this.tokens.expect('then')
    const block = this.#block()
    const otherwise = this.#otherwise()
    return (names) => (isTrue(condition(names)) ? block(names) : otherwise?.(names))
  }

  #otherwise(): Statement | undefined {
    if (this.tokens.take('elseif')) return this.#if()
    if (this.tokens.take('else')) return this.#closedBlock()
    this.tokens.expect('end')
    return undefined
  }

  #localFunction(): Statement {
    const name = this.tokens.name()
    const value = this.function()
    return effect((names) => names.declare(name, value(names)))
  }

  #local(): Statement {
    const declared = this.#names()
    const given = this.tokens.take('=') ? this.list() : []
    // What Lua would spread over the names is one value here.
    if (given.length > 0 && given.length < declared.length) throw new SyntaxError('a value for each name expected')
    return effect((names) => {
      const values = given.map((one) => one(names))
      for (const [at, name] of declared.entries()) names.declare(name, values[at])
    })
  }

  #assignment(): Statement {
    const name = this.tokens.name()
    this.tokens.expect('=')
    const value = this.expression()
    return effect((names) => names.assign(name, value(names)))
  }
}

const effect =
  (act: (names: Names) => unknown): Statement =>
  (names) => {
    act(names)
    return undefined
  }
