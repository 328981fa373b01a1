import { type CharacterSet, characterSet } from './character-set.ts'

export type Node =
  | { type: 'character'; set: CharacterSet }
  | { type: 'assertion'; holds: Assertion }
  | { type: 'sequence'; items: Node[] }
  | { type: 'alternatives'; items: Node[] }
  | { type: 'repeat'; item: Node; min: number; max: number; greedy: boolean }
  | { type: 'capture'; item: Node; index: number }

export type Assertion = 'start' | 'end' | 'line start' | 'line end' | 'word boundary' | 'inside or outside of words'

export interface Parsed {
  root: Node
  captures: number
  /** The groups' places by their names. */
  names: Record<string, number>
}

/** Look-around and back-references, which cannot be matched in one pass over the text. */
export class NotLinear extends Error {
  override name = 'NotLinear'
}

/** What pcre.ts writes for `\A` and `\z` is the one look-around that can be told otherwise. */
const BEGINNING = '(?<![\\s\\S])'
const ENDING = '(?![\\s\\S])'
const TOKENS = [
  /\(\?<?!\[\\s\\S\]\)/,
  /\(\?(?:<?[=!]|<[^>]+>|[a-z]*(?:-[a-z]*)?:)|[()|^$]/,
  /\\(?:u\{\w+\}|u\w{4}|x\w{2}|c\w|[pP]\{[^}]*\}|k<[^>]+>|\d+|[\s\S])/,
  /\[(?:\\[\s\S]|[^\]\\])*\]/,
  /(?:[*+?]|\{\d+(?:,\d*)?\})\??/,
  /[\s\S]/,
]
const TOKEN = new RegExp(TOKENS.map(({ source }) => source).join('|'), 'g')
const UNICODE_TOKEN = new RegExp(TOKEN, 'gu')

const BACK_REFERENCE = /^\\(?:[1-9]|k<)/
const QUANTIFIER = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)$/
const SIMPLE_RANGES: Record<string, [min: number, max: number]> = {
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
  '?': [0, 1],
}

/** Of a regex that JavaScript knows, so that nothing here is malformed. Throws NotLinear. */
export function parse({ source, flags, unicode }: RegExp): Parsed {
  const tokens = source.match(unicode ? UNICODE_TOKEN : TOKEN) ?? []
  const names: Record<string, number> = {}
  let at = 0
  let captures = 0

  function alternatives(options: Options): Node {
    const items = [sequence(options)]
    while (tokens[at] === '|') {
      at++
      items.push(sequence(options))
    }
    return items.length === 1 ? (items[0] as Node) : { type: 'alternatives', items }
  }

  function sequence(options: Options): Node {
    const items: Node[] = []
    for (let token = tokens[at]; token !== undefined && token !== '|' && token !== ')'; token = tokens[at]) {
      at++
      items.push(quantified(atom(token, options)))
    }
    return { type: 'sequence', items }
  }

  function quantified(item: Node): Node {
    const found = QUANTIFIER.exec(tokens[at] ?? '')
    if (found === null) return item
    at++
    const [, sign, from, comma, to, lazy] = found
    const [min, max] = sign ? (SIMPLE_RANGES[sign] as [number, number]) : range(from, comma, to)
    return { type: 'repeat', item, min, max, greedy: lazy === '' }
  }

  function atom(token: string, options: Options): Node {
    if (token === '^') return { type: 'assertion', holds: options.multiline ? 'line start' : 'start' }
    if (token === '$') return { type: 'assertion', holds: options.multiline ? 'line end' : 'end' }
    if (token === BEGINNING) return { type: 'assertion', holds: 'start' }
    if (token === ENDING) return { type: 'assertion', holds: 'end' }
    if (token === '\\b') return { type: 'assertion', holds: 'word boundary' }
    if (token === '\\B') return { type: 'assertion', holds: 'inside or outside of words' }
    if (BACK_REFERENCE.test(token) || /^\(\?<?[=!]/.test(token)) throw new NotLinear(token)
    return token.startsWith('(') ? group(token, options) : { type: 'character', set: characterSet(token, options) }
  }

  function group(token: string, options: Options): Node {
    const name = /^\(\?<(.+)>$/.exec(token)?.[1]
    const capture = token === '(' || name !== undefined
    const index = capture ? ++captures : 0
    if (name !== undefined) names[name] = index
    const item = alternatives(capture ? options : changed(options, token))
    at++
    return capture ? { type: 'capture', item, index } : item
  }

  return { root: alternatives(optionsOf(flags)), captures, names }
}

export interface Options {
  /** As JavaScript writes them, in alphabetical order. */
  flags: string
  multiline: boolean
}

function optionsOf(flags: string): Options {
  return { flags: flags.replace(/[gy]/g, ''), multiline: flags.includes('m') }
}

/** By a group like `(?i-s:`. */
function changed({ flags }: Options, group: string): Options {
  const [, on = '', off = ''] = /^\(\?([a-z]*)-?([a-z]*):$/.exec(group) ?? []
  const kept = [...flags].filter((flag) => !off.includes(flag))
  return optionsOf([...new Set([...kept, ...on])].sort().join(''))
}

function range(from = '', comma = '', to = ''): [number, number] {
  const min = Number(from)
  if (comma === '') return [min, min]
  return [min, to === '' ? Number.POSITIVE_INFINITY : Number(to)]
}
