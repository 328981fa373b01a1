import { bounded } from '../regex/bounded.ts'
import type { Regex } from '../regex/linear-regex.ts'
import { POSIX_CLASSES } from '../regex/posix-classes.ts'

/** Regexes as Kong's plugins take them: PCRE's syntax where JavaScript's means something else, or nothing. */

/** Escapes of letters that JavaScript would take for the letters themselves. */
const ESCAPES: Record<string, string> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
  h: '[ \\t]',
  H: '[^ \\t]',
  R: '(?:\\r\\n|[\\n\\v\\f\\r])',
  N: '[^\\n]',
  a: '\\x07',
  e: '\\x1b',
}
const SHARED_ESCAPES = /[bBdDsSwWnrtfvxck\d]/

const OPTIONS = /^\(\?([ims]+)\)$/
const TOKEN = /\\[\s\S]|\[:\^?\w+:\]|\[\^?\]?|\]|\(\?[a-z]+\)|\(\?P?<(?![=!])|\(\?(?:[:>=!]|<[=!])|[()]|[^\\()[\]]+/g

const CLASS_END = /^(?:\[\^?)?\]$/

/** Throws SyntaxError where `source` is no regex, or one that cannot be put over. */
export function compilePcre(source: string): Regex {
  return bounded(new RegExp(translated(source)))
}

function translated(source: string): string {
  let inClass = false
  let before = ''
  /** How many brackets each open group needs at its end: one more where options stand at its beginning. */
  const open = [1]
  const parts = source.match(TOKEN)?.map((token) => {
    const previous = before
    before = token
    if (inClass) {
      inClass = !CLASS_END.test(token)
      return insideClass(token)
    }
    if (token.startsWith('\\')) return escaped(token)
    if (token.startsWith('[')) {
      if (token.startsWith('[:')) return unknown(token)
      inClass = true
      return token.endsWith(']') ? `${token.slice(0, -1)}\\]` : token
    }
    return group(token, previous, open)
  })
  return (parts?.join('') ?? '') + ')'.repeat((open[0] ?? 1) - 1)
}

function insideClass(token: string): string {
  const posix = /^\[:(\w+):\]$/.exec(token)?.[1]
  if (posix !== undefined) return POSIX_CLASSES[posix] ?? unknown(token)
  if (token.startsWith('[')) return `\\${token}`
  if (token === '\\h') return ' \\t'
  return token.startsWith('\\') ? escaped(token) : token
}

function escaped(token: string): string {
  const letter = token.charAt(1)
  if (!/[A-Za-z0-9]/.test(letter) || SHARED_ESCAPES.test(letter)) return token
  return ESCAPES[letter] ?? unknown(token)
}

/** Options count to the end of their group, so at its beginning they are a group of their own. */
function group(token: string, previous: string, open: number[]): string {
  const [, options] = OPTIONS.exec(token) ?? []
  if (options !== undefined) {
    if (previous !== '' && !previous.startsWith('(')) return unknown(token)
    open[open.length - 1] = (open.at(-1) as number) + 1
    return `(?${options}:`
  }
  if (token === ')') return ')'.repeat(open.length > 1 ? (open.pop() as number) : 1)
  if (token.startsWith('(')) open.push(1)
  return token.replace('(?P<', '(?<')
}

function unknown(token: string): never {
  throw new SyntaxError(`'${token}' is not known here`)
}
