/** A value as Lua has it; nil is undefined. */
export type Value = string | number | boolean | undefined | Table | LuaFunction

/** Of several results a caller sees the first. */
export type LuaFunction = (...values: Value[]) => Value

/** What can be indexed: headers, arguments, captures, the several values of one of them, and what a template sets up. */
export interface Table {
  get(key: string | number): Value
  /** Of a list. */
  length?: number
}

/** One value, or a list of them that counts from 1. */
export const oneOrList = (values: readonly Value[]): Value =>
  values.length > 1
    ? { get: (key) => (typeof key === 'number' ? values[key - 1] : undefined), length: values.length }
    : values[0]

/** As `{…}` sets it up: what has no key counts from 1. */
export function tableOf(fields: readonly { key: Value; value: Value }[]): Table {
  const values = new Map<Value, Value>()
  let length = 0
  for (const { key, value } of fields) values.set(key ?? ++length, value)
  return { get: (key) => values.get(key), length }
}

export const isTrue = (value: Value): boolean => value !== undefined && value !== false

export function typeOf(value: Value): string {
  if (value === undefined) return 'nil'
  return typeof value === 'object' ? 'table' : typeof value
}

/** As it stands in the rendered text: nil and false are nothing, and of tables and functions Lua shows where they lie in memory. */
export function shown(value: Value): string {
  if (typeof value === 'object' || typeof value === 'function') return `${typeOf(value)}: 0x00000000`
  return isTrue(value) ? textOf(value as string | number | true) : ''
}

const textOf = (value: string | number | true): string => (typeof value === 'number' ? numeral(value) : String(value))

/** A number as C's `%.14g` has it. */
function numeral(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const [digits = '', exponent = ''] = value.toExponential(13).split('e')
  if (Number(exponent) >= -4 && Number(exponent) < 14) return String(Number(value.toPrecision(14)))
  return `${Number(digits)}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`
}

export function text(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return textOf(value)
  throw new TypeError(`a ${typeOf(value)} value is no text`)
}

export function number(value: Value): number {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof found === 'number' && !Number.isNaN(found)) return found
  throw new TypeError(`a ${typeOf(value)} value is no number`)
}

export function length(value: Value): number {
  if (typeof value === 'string') return value.length
  if (typeof value === 'object') return value.length ?? 0
  throw new TypeError(`a ${typeOf(value)} value has no length`)
}

export function apply(called: Value, values: readonly Value[]): Value {
  if (typeof called !== 'function') throw new TypeError(`a ${typeOf(called)} value cannot be called`)
  return called(...values)
}

/** Only values of one kind have an order. */
function ordered(left: Value, right: Value, isRight: (left: string | number, right: string | number) => boolean) {
  const comparable = typeof left === typeof right && (typeof left === 'string' || typeof left === 'number')
  if (!comparable) throw new TypeError(`a ${typeOf(left)} and a ${typeOf(right)} value have no order`)
  return isRight(left, right as string | number)
}

const arithmetic = (compute: (left: number, right: number) => number) => (left: Value, right: Value) =>
  compute(number(left), number(right))

/** Operators between two values that both are known. */
export const OPERATIONS: Record<string, (left: Value, right: Value) => Value> = {
  '==': (left, right) => left === right,
  '~=': (left, right) => left !== right,
  '<': (left, right) => ordered(left, right, (a, b) => a < b),
  '>': (left, right) => ordered(left, right, (a, b) => a > b),
  '<=': (left, right) => ordered(left, right, (a, b) => a <= b),
  '>=': (left, right) => ordered(left, right, (a, b) => a >= b),
  '..': (left, right) => text(left) + text(right),
  '+': arithmetic((a, b) => a + b),
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => a * b),
  '/': arithmetic((a, b) => a / b),
  '%': arithmetic((a, b) => a - Math.floor(a / b) * b),
  '^': arithmetic((a, b) => a ** b),
}
