/** Of a Cache-Control field; a directive without a value is `true`. */
export type Directives = ReadonlyMap<string, string | number | true>

const NONE: Directives = new Map()
const NUMBER = /^[-+]?\d+(?:\.\d+)?$/

export function readDirectives(fields: readonly string[]): Directives {
  if (fields.length === 0) return NONE
  const found = new Map<string, string | number | true>()
  for (const directive of fields.join(',').split(',')) {
    const equals = directive.indexOf('=')
    const name = (equals < 0 ? directive : directive.slice(0, equals)).trim().toLowerCase()
    const value = equals < 0 ? true : directive.slice(equals + 1).trim()
    if (name !== '') found.set(name, typeof value === 'string' && NUMBER.test(value) ? Number(value) : value)
  }
  return found
}

/** Undefined where the directive is not there or has no number. */
export function seconds(directives: Directives, name: string): number | undefined {
  const value = directives.get(name)
  return typeof value === 'number' ? value : undefined
}

/** For how many seconds a shared cache may hold the answer as fresh (RFC 9111 §4.2.1), but never by guessing. */
export function freshness(directives: Directives, expires: string | undefined, now: number): number {
  const age = seconds(directives, 's-maxage') ?? seconds(directives, 'max-age')
  if (age !== undefined) return Math.max(0, age)
  const end = expires === undefined ? Number.NaN : Date.parse(expires)
  return Number.isNaN(end) ? 0 : Math.max(0, Math.floor((end - now) / 1000))
}
