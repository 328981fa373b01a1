import { compilePcre } from '../plugins/pcre.ts'
import { matchesLuaPattern } from './lua-pattern.ts'
import type { Check, Constraints } from './schema.ts'
import { isUuid } from './uuid.ts'

/** Kong's messages for a value that does not meet what its field asks; undefined where it does. */
export function violation(value: unknown, constraints: Constraints): string | undefined {
  for (const name in checks) {
    const wanted = constraints[name as keyof typeof checks]
    if (wanted === undefined) continue
    const message = checks[name as keyof typeof checks](value as never, wanted as never)
    if (message !== undefined) return constraints.err ?? message
  }
  return undefined
}

type Checks = { [Name in Exclude<keyof Constraints, 'required' | 'err'>]-?: ConstraintCheck<Name> }
type ConstraintCheck<Name extends keyof Constraints> = (
  value: never,
  wanted: NonNullable<Constraints[Name]>,
) => string | undefined

/** In the order in which Kong asks; the first that fails speaks. */
const checks: Checks = {
  eq: (value: unknown, wanted) => unless(value === wanted, `value must be ${wanted}`),
  ne: (value: unknown, wanted) => unless(value !== wanted, `value must not be ${value}`),
  not_one_of: (value: string, list) => unless(!list.includes(value), `must not be one of: ${list.join(', ')}`),
  one_of: (value: string, list) => unless(list.includes(value), `expected one of: ${list.join(', ')}`),
  gt: (value: number, limit) => unless(value > limit, `value must be greater than ${limit}`),
  timestamp: (value: number) => unless(value > 0, 'expected a valid timestamp'),
  uuid: (value: string) => unless(isUuid(value), 'expected a valid UUID'),
  is_regex: (value: string) => unless(isRegex(value), `not a valid regex: ${value}`),
  between: (value: number, [least, most]) =>
    unless(value >= least && value <= most, `value should be between ${Math.trunc(least)} and ${Math.trunc(most)}`),
  len_eq: (value: string | unknown[], length) => unless(size(value) === length, `length must be ${length}`),
  len_min: (value: string | unknown[], length) => unless(size(value) >= length, `length must be at least ${length}`),
  len_max: (value: string | unknown[], length) => unless(size(value) <= length, `length must be at most ${length}`),
  starts_with: (value: string, start) => unless(value.startsWith(start), `should start with: ${start}`),
  not_match: (value: string, pattern) => unless(!matchesLuaPattern(value, pattern), `invalid value: ${value}`),
  match_none: (value: string, list) =>
    listed(
      list.find(({ pattern }) => matchesLuaPattern(value, pattern)),
      value,
    ),
  match: (value: string, pattern) => unless(matchesLuaPattern(value, pattern), `invalid value: ${value}`),
  match_all: (value: string, list) =>
    listed(
      list.find(({ pattern }) => !matchesLuaPattern(value, pattern)),
      value,
    ),
  match_any: (value: string, { patterns, err }) =>
    unless(
      patterns.some((pattern) => matchesLuaPattern(value, pattern)),
      err ?? `invalid value: ${value}`,
    ),
  contains: (value: unknown[], wanted) => unless(value.includes(wanted), `expected to contain: ${wanted}`),
  custom_validator: (value: never, check: Check<never>) => check(value),
  mutually_exclusive_subsets: (value: string[], subsets) => {
    const met = subsets.filter((subset) => subset.some((member) => value.includes(member)))
    return unless(
      met.length <= 1,
      `these sets are mutually exclusive: ${met.map((set) => `(${quoted(set)})`).join(', ')}`,
    )
  },
}

export function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ')
}

function unless(met: boolean, message: string): string | undefined {
  return met ? undefined : message
}

function listed(failed: { err?: string } | undefined, value: string): string | undefined {
  return failed && (failed.err ?? `invalid value: ${value}`)
}

function size(value: string | unknown[] | object): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return Array.isArray(value) ? value.length : Object.keys(value).length
}

function isRegex(source: string): boolean {
  try {
    compilePcre(source)
    return true
  } catch {
    return false
  }
}
