import { bounded } from '../regex/bounded.ts'
import type { Regex } from '../regex/linear-regex.ts'
import { POSIX_CLASSES } from '../regex/posix-classes.ts'
import { fromBytes, toBytes } from './normalise.ts'

/** Kong's router runs route regexes through Rust's engine; what its syntax has and JavaScript's writes otherwise is put over here. */

const lookAround = 'look-around, including look-ahead and look-behind, is not supported'
const backReferences = 'backreferences are not supported'

export interface Captured {
  matched: string
  captures: Record<string, string>
  /** All groups in their order, what has matched as a whole first; empty where the regex has none. */
  groups: readonly (string | undefined)[]
}

const NO_GROUPS: readonly string[] = []
const NO_CAPTURES: Record<string, string> = {}
const outsideAscii = /[\x80-\xff]/

/**
 * `source` is a route path without its `~`. Throws SyntaxError where it is no regex. `shared` holds what follows the literal
 * beginnings: most of a table's routes end in one of a few ways, and a regex that was just used is found much faster.
 */
export function compilePathRegex(source: string, shared = new Map<string, Regex>()): PathRegex {
  const beginning = literalBeginning(source)
  const literal = beginning.replace(/\\(.)/gsu, '$1')
  const regex = literal === '' ? compileRegex('^' + source) : sticky(source.slice(beginning.length), shared)
  return new PathRegex(literal, regex)
}

/** A class, not an object of closures: among thousands of routes, what each regex is made of must lie together. */
export class PathRegex {
  /** What every matching path begins with, as bytes; may be empty. */
  readonly prefix: string
  /** The length of the prefix as text. */
  readonly #skipped: number
  /** Of what follows the prefix. */
  readonly #regex: Regex

  constructor(literal: string, regex: Regex) {
    this.prefix = toBytes(literal)
    this.#skipped = literal.length
    this.#regex = regex
  }

  /** Matches from the start of a path (bytes); `matched` is what it took, as bytes. */
  exec(path: string): Captured | undefined {
    if (!path.startsWith(this.prefix)) return undefined
    const wide = outsideAscii.test(path)
    const text = wide ? fromBytes(path) : path
    this.#regex.lastIndex = this.#skipped
    const found = this.#regex.exec(text)
    if (found === null) return undefined
    const taken = text.slice(found.index - this.#skipped, found.index + found[0].length)
    found[0] = taken
    const matched = wide ? toBytes(taken) : taken
    return { matched, captures: found.groups ?? NO_CAPTURES, groups: found.length > 1 ? found : NO_GROUPS }
  }
}

/** Matches from `lastIndex` on. */
function sticky(source: string, shared: Map<string, Regex>): Regex {
  const known = shared.get(source)
  if (known) return known
  const made = bounded(translated(source, 'y'))
  shared.set(source, made)
  return made
}

/** Throws SyntaxError where `source` is no regex, or one that Rust's engine refuses (it has no look-around, no back-references). */
export function compileRegex(source: string): Regex {
  return bounded(translated(source))
}

function translated(source: string, sticky: 'y' | '' = ''): RegExp {
  const [all = '', anchor = '', letters = ''] = /^(\^?)\(\?([ims]+)\)/.exec(source) ?? []
  return new RegExp(anchor + rewritten(source.slice(all.length)), 'u' + letters + sticky)
}

const token = /\\x\{([0-9a-fA-F]+)\}|\\.|\(\?<?[=!]|\(\?P?<|[[\]]|[^\\([\]]+|./gsu

function rewritten(source: string): string {
  let inClass = false
  const expanded = source.replace(/\[:(\w+):\]/g, (text, name: string) => POSIX_CLASSES[name] ?? text)
  return expanded.replace(token, (text, hex?: string) => {
    if (hex !== undefined) return `\\u{${hex}}`
    if (text.startsWith('\\')) return rewrittenEscape(text[1] as string, inClass)
    if (/^\(\?<?[=!]/.test(text)) throw new SyntaxError(lookAround)
    if (text.startsWith('(?')) return '(?<'
    if (text !== '[' && text !== ']') return text
    const literal = inClass === (text === '[')
    inClass = text === '['
    return literal ? '\\' + text : text
  })
}

/** JavaScript's `u` mode refuses escapes of punctuation that needs none; Rust allows them all. */
function rewrittenEscape(character: string, inClass: boolean): string {
  if (character === 'A') return '^'
  if (character === 'z') return '$'
  if (/[1-9]/.test(character)) throw new SyntaxError(backReferences)
  const needed = /[A-Za-z0-9^$\\.*+?()[\]{}|/]/.test(character) || (inClass && character === '-')
  return needed ? '\\' + character : character
}

/** The part of a regex that stands for itself, as it is written. */
function literalBeginning(source: string): string {
  if (hasAlternatives(source)) return ''
  const [literal] = /^(?:[^\\^$.*+?()[\]{}|]|\\[^A-Za-z0-9])*/.exec(source) as unknown as [string]
  const quantified = /^[*?+{]/.test(source.slice(literal.length))
  return quantified ? literal.replace(/(?:\\.|[^\\])$/su, '') : literal
}

/** Outside of groups: such a regex begins in several ways. */
function hasAlternatives(source: string): boolean {
  let depth = 0
  let inClass = false
  for (const [text] of source.matchAll(/\\.|[[\]()|]/gsu)) {
    if (text === '[' || text === ']') inClass = text === '['
    else if (inClass) continue
    else if (text === '(') depth++
    else if (text === ')') depth--
    else if (text === '|' && depth === 0) return true
  }
  return false
}
