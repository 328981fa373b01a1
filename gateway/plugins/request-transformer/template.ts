/** What `$(…)` in a template may speak of. */
export interface TemplateScope {
  headers: ReadonlyMap<string, string>
  query_params: ReadonlyMap<string, string | true>
  uri_captures: ReadonlyMap<string, string>
}

export type Template = (scope: TemplateScope) => string

type Value = string | number | boolean | undefined | ReadonlyMap<string, string | true>
type Expression = (scope: TemplateScope) => Value

const TOKEN =
  /\s*(?:(or|and|not|nil|true|false)\b|([A-Za-z_]\w*)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+(?:\.\d+)?)|(\.\.|[.[\]()]))/y
const ROOTS = ['headers', 'query_params', 'uri_captures'] as const

/**
 * Compiles a text with `$(…)` in it. Of Lua, in which Kong evaluates them, this takes what templates are made of: paths into
 * headers, query_params and uri_captures, literals, `or`, `and`, `not`, `..` and brackets. Throws SyntaxError at anything else.
 */
export function compileTemplate(text: string): Template {
  const parts: (string | Expression)[] = []
  let at = 0
  for (let start = text.indexOf('$('); start >= 0; start = text.indexOf('$(', at)) {
    parts.push(text.slice(at, start))
    const parser = new Parser(text, start + 2)
    parts.push(parser.whole())
    at = parser.at
  }
  parts.push(text.slice(at))
  return (scope) => parts.map((part) => (typeof part === 'string' ? part : shown(part(scope)))).join('')
}

function shown(value: Value): string {
  if (value instanceof Map) throw new TypeError('a table is no text')
  return value === undefined ? '' : String(value)
}

const isTrue = (value: Value) => value !== undefined && value !== false

class Parser {
  readonly #text: string
  at: number

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  /** An expression up to the bracket that closes it. */
  whole(): Expression {
    const expression = this.#or()
    this.#expect(')')
    return expression
  }

  #or(): Expression {
    let left = this.#and()
    while (this.#take('or')) left = either(left, this.#and())
    return left
  }

  #and(): Expression {
    let left = this.#joined()
    while (this.#take('and')) left = both(left, this.#joined())
    return left
  }

  #joined(): Expression {
    const left = this.#unary()
    if (!this.#take('..')) return left
    const right = this.#joined()
    return (scope) => shown(left(scope)) + shown(right(scope))
  }

  #unary(): Expression {
    if (!this.#take('not')) return this.#operand()
    const negated = this.#unary()
    return (scope) => !isTrue(negated(scope))
  }

  #operand(): Expression {
    const [, keyword, name, double, single, number, sign] = this.#next()
    if (keyword === 'nil') return () => undefined
    if (keyword === 'true' || keyword === 'false') return () => keyword === 'true'
    const literal = double ?? single
    if (literal !== undefined) return () => literal.replace(/\\(.)/g, '$1')
    if (number !== undefined) return () => Number(number)
    if (sign === '(') return this.whole()
    const root = ROOTS.find((known) => known === name)
    if (root === undefined) throw new SyntaxError(`unexpected '${keyword ?? name ?? sign}'`)
    return this.#path((scope) => scope[root])
  }

  #path(start: Expression): Expression {
    let path = start
    for (;;) {
      if (this.#take('.')) path = member(path, this.#key())
      else if (this.#take('[')) {
        path = member(path, this.#key())
        this.#expect(']')
      } else return path
    }
  }

  #key(): string {
    const [, keyword, name, double, single, number] = this.#next()
    const key = name ?? double ?? single ?? number
    if (key === undefined) throw new SyntaxError(`unexpected '${keyword ?? 'sign'}'`)
    return key
  }

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.at
    const token = TOKEN.exec(this.#text)
    if (token === null) throw new SyntaxError(`unexpected '${this.#text.slice(this.at, this.at + 1) || 'end'}'`)
    this.at = TOKEN.lastIndex
    return token
  }

  #take(wanted: string): boolean {
    const before = this.at
    const rest = this.#text.slice(before).trimStart()
    if (rest === '' || !rest.startsWith(wanted) || this.#next()[0].trimStart() !== wanted) {
      this.at = before
      return false
    }
    return true
  }

  #expect(wanted: string): void {
    if (!this.#take(wanted)) throw new SyntaxError(`'${wanted}' expected`)
  }
}

const either =
  (left: Expression, right: Expression): Expression =>
  (scope) => {
    const value = left(scope)
    return isTrue(value) ? value : right(scope)
  }

const both =
  (left: Expression, right: Expression): Expression =>
  (scope) => {
    const value = left(scope)
    return isTrue(value) ? right(scope) : value
  }

/** Indexing what is not there is an error, as in Lua. Headers are found in any letter case, with `_` for `-`. */
function member(table: Expression, key: string): Expression {
  return (scope) => {
    const found = table(scope)
    if (!(found instanceof Map)) throw new TypeError(`nothing has a field '${key}'`)
    return found.get(key) ?? (found === scope.headers ? found.get(key.toLowerCase().replaceAll('_', '-')) : undefined)
  }
}
