import { type PrefixTree, treeOf } from './prefix-tree.ts'

/** Finds everything stored under any prefix of a path, in one step a character however much is stored. */
export class PrefixIndex<Value> {
  readonly #values: Value[]
  /** For each prefix, where the longest other prefix of it stands; -1 if there is none. */
  readonly #parents: Int32Array
  readonly #tree: PrefixTree

  constructor(byPrefix: Map<string, Value>) {
    const prefixes = [...byPrefix.keys()].sort(byCodeUnit)
    this.#values = prefixes.map((prefix) => byPrefix.get(prefix) as Value)
    this.#parents = parentsOf(prefixes)
    this.#tree = treeOf(prefixes)
  }

  /** Where the longest prefix of `path` stands, or -1. */
  longest(path: string): number {
    const { endings, branches, characters, targets } = this.#tree
    let longest = -1
    for (let node = 0, depth = 0; ; depth++) {
      const ending = endings[node] as number
      if (ending >= 0) longest = ending
      if (depth === path.length) return longest
      const character = path.charCodeAt(depth)
      const end = branches[node + 1] as number
      let branch = branches[node] as number
      while (branch < end && characters[branch] !== character) branch++
      if (branch === end) return longest
      node = targets[branch] as number
      if (node < 0) return this.#goesOn(path, depth + 1, ~node) ? ~node : longest
    }
  }

  /** Where the next shorter prefix of the same path stands, or -1. */
  parent(at: number): number {
    return this.#parents[at] as number
  }

  value(at: number): Value {
    return this.#values[at] as Value
  }

  /** Whether `path` goes on like the prefix at `at`, which it is known to share as far as `depth`. */
  #goesOn(path: string, depth: number, at: number): boolean {
    const { restsFrom, rests } = this.#tree
    const from = restsFrom[at] as number
    const length = (restsFrom[at + 1] as number) - from
    if (path.length - depth < length) return false
    for (let next = 0; next < length; next++) if (path.charCodeAt(depth + next) !== rests[from + next]) return false
    return true
  }
}

/** `prefixes` in order. */
function parentsOf(prefixes: string[]): Int32Array {
  const parents = new Int32Array(prefixes.length)
  for (const [at, prefix] of prefixes.entries()) {
    let parent = at - 1
    while (parent >= 0 && !prefix.startsWith(prefixes[parent] as string)) parent = parents[parent] as number
    parents[at] = parent
  }
  return parents
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
