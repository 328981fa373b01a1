import { isUnbounded, waysToRead } from './effort.ts'
import { LinearRegex, type Regex } from './linear-regex.ts'
import { type Node, NotLinear, parse } from './parse.ts'

/** More often than this a text is not read over and over again. */
const MOST_WAYS = 50

/**
 * A regex that no text can keep busy: the one given where its next step is always clear, else one that matches the same without
 * going back. A regex with look-around or back-references, as PCRE has them, stays as it is: the operator chose it.
 */
export function bounded(regex: RegExp): Regex {
  try {
    const parsed = parse(regex)
    return isHarmless(regex, parsed.root) ? regex : new LinearRegex(parsed, regex)
  } catch (error) {
    if (error instanceof NotLinear) return regex
    throw error
  }
}

/** A search that may begin anywhere reads a repetition again from each of its characters. */
function isHarmless({ sticky }: RegExp, root: Node): boolean {
  return (sticky || beginsAtStart(root) || !isUnbounded(root)) && waysToRead(root) <= MOST_WAYS
}

function beginsAtStart(node: Node): boolean {
  if (node.type === 'assertion') return node.holds === 'start'
  return node.type === 'sequence' && node.items[0] !== undefined && beginsAtStart(node.items[0])
}
