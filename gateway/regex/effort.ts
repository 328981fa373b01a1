import type { Node } from './parse.ts'

/**
 * In how many ways, at most, a backtracking engine reads the same text from one beginning. It is 1 where the next character always
 * decides how to go on; infinite where a repetition and what may follow it can begin alike, as in `(a+)+$` or `.*x`.
 */
export function waysToRead(node: Node, follow = 0n): number {
  switch (node.type) {
    case 'character':
    case 'assertion':
      return 1
    case 'capture':
      return waysToRead(node.item, follow)
    case 'sequence':
      return node.items.reduce(
        (ways, item, at) => ways * waysToRead(item, firstOf(node.items.slice(at + 1), follow)),
        1,
      )
    case 'alternatives':
      return alternativeWays(node.items, follow)
    case 'repeat':
      return repeatWays(node, follow)
  }
}

function alternativeWays(items: Node[], follow: bigint): number {
  const ways = items.map((item) => waysToRead(item, follow))
  const firsts = items.map((item) => firstOf([item], follow))
  const distinct = firsts.every((first, at) => firsts.slice(0, at).every((other) => (first & other) === 0n))
  return distinct ? Math.max(...ways) : ways.reduce((all, more) => all + more)
}

function repeatWays({ item, min, max }: Extract<Node, { type: 'repeat' }>, follow: bigint): number {
  const first = firstOf([item], 0n)
  const once = waysToRead(item, max > 1 ? first | follow : follow)
  const all = once === 1 ? 1 : once ** max
  const decided = max === min || ((first & follow) === 0n && !mayBeEmpty(item))
  return decided ? all : all * (max - min + 1)
}

/** What the text may go on with where these come next. */
function firstOf(items: readonly Node[], follow: bigint): bigint {
  let first = 0n
  for (const item of items) {
    first |= beginning(item)
    if (!mayBeEmpty(item)) return first
  }
  return first | follow
}

function beginning(node: Node): bigint {
  switch (node.type) {
    case 'character':
      return node.set.bits
    case 'assertion':
      return 0n
    case 'capture':
    case 'repeat':
      return beginning(node.item)
    case 'sequence':
      return firstOf(node.items, 0n)
    case 'alternatives':
      return node.items.reduce((all, item) => all | beginning(item), 0n)
  }
}

/** Nothing comes after the text's end. */
function mayBeEmpty(node: Node): boolean {
  switch (node.type) {
    case 'character':
      return false
    case 'assertion':
      return node.holds !== 'end'
    case 'capture':
      return mayBeEmpty(node.item)
    case 'repeat':
      return node.min === 0 || mayBeEmpty(node.item)
    case 'sequence':
      return node.items.every(mayBeEmpty)
    case 'alternatives':
      return node.items.some(mayBeEmpty)
  }
}

/** Whether a match may be of any length. */
export function isUnbounded(node: Node): boolean {
  switch (node.type) {
    case 'character':
    case 'assertion':
      return false
    case 'capture':
      return isUnbounded(node.item)
    case 'repeat':
      return node.max === Number.POSITIVE_INFINITY || isUnbounded(node.item)
    case 'sequence':
    case 'alternatives':
      return node.items.some(isUnbounded)
  }
}
