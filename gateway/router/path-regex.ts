import { fromBytes, toBytes } from './normalise.ts'

/** Kong's router runs route regexes through Rust's engine; what its syntax has and JavaScript's writes otherwise is put over here. */

const lookAround = 'look-around, including look-ahead and look-behind, is not supported'
const backReferences = 'backreferences are not supported'

export interface PathRegex {
  /** What every matching path begins with, as bytes; may be empty. */
  prefix: string
  /** Matches from the start of a path (bytes); `matched` is what it took, as bytes. */
  exec(path: string): { matched: string; captures: Record<string, string> } | undefined
}

const outsideAscii = /[\x80-\xff]/

/** `source` is a route path without its `~`. Throws SyntaxError where it is no regex. */
export function compilePathRegex(source: string): PathRegex {
  const regex = compileRegex('^' + source)
  return {
    prefix: toBytes(literalPrefix(source)),
    exec(path) {
      const wide = outsideAscii.test(path)
      const found = regex.exec(wide ? fromBytes(path) : path)
      if (found === null) return undefined
      return { matched: wide ? toBytes(found[0]) : found[0], captures: { ...found.groups } }
    },
  }
}

/** Throws SyntaxError where `source` is no regex, or one that Rust's engine refuses (it has no look-around, no back-references). */
export function compileRegex(source: string): RegExp {
  const flags = /^(\^?)\(\?([ims]+)\)/.exec(source)
  if (flags === null) return new RegExp(translated(source), 'u')
  const [all, anchor, letters] = flags as unknown as [string, string, string]
  return new RegExp(anchor + translated(source.slice(all.length)), 'u' + letters)
}

const posixClasses: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
}
const token = /\\x\{([0-9a-fA-F]+)\}|\\.|\(\?<?[=!]|\(\?P?<|[[\]]|[^\\([\]]+|./gsu

function translated(source: string): string {
  let inClass = false
  const expanded = source.replace(/\[:(\w+):\]/g, (text, name: string) => posixClasses[name] ?? text)
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

function literalPrefix(source: string): string {
  if (/\|/.test(source)) return ''
  const [literal] = /^(?:[^\\^$.*+?()[\]{}|]|\\[^A-Za-z0-9])*/.exec(source) as unknown as [string]
  const optional = /^[*?{]/.test(source.slice(literal.length))
  const sure = optional ? literal.replace(/(?:\\.|[^\\])$/su, '') : literal
  return sure.replace(/\\(.)/gsu, '$1')
}
