/**
 * Finds everything stored under any prefix of a path, in one step a character however much is stored. The steps lie in flat
 * arrays: among thousands of routes, a walk from object to object would mostly wait for memory.
 */
export class PrefixIndex<Value> {
  readonly #prefixes: string[]
  readonly #values: Value[]
  /** For each prefix, where the longest other prefix of it stands; -1 if there is none. */
  readonly #parents: number[] = []
  readonly #tree: Tree

  constructor(byPrefix: Map<string, Value>) {
    this.#prefixes = [...byPrefix.keys()].sort(byCodeUnit)
    this.#values = this.#prefixes.map((prefix) => byPrefix.get(prefix) as Value)
    for (const [at, prefix] of this.#prefixes.entries()) this.#parents.push(this.#ancestor(at - 1, prefix))
    this.#tree = treeOf(this.#prefixes)
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
      if (node < 0) return path.startsWith(this.#prefixes[~node] as string) ? ~node : longest
    }
  }

  /** Where the next shorter prefix of the same path stands, or -1. */
  parent(at: number): number {
    return this.#parents[at] as number
  }

  prefix(at: number): string {
    return this.#prefixes[at] as string
  }

  value(at: number): Value {
    return this.#values[at] as Value
  }

  #ancestor(from: number, prefix: string): number {
    let at = from
    while (at >= 0 && !prefix.startsWith(this.#prefixes[at] as string)) at = this.#parents[at] as number
    return at
  }
}

/** A node stands for the beginning that all prefixes below it share. */
interface Tree {
  /** For each node, where the prefix stands that is this very beginning; -1 if there is none. */
  endings: Int32Array
  /** For each node, where its branches begin; they end where the next node's begin. */
  branches: Int32Array
  /** For each branch, the next character. */
  characters: Uint16Array
  /** For each branch, the node that it leads to, or the complement of where the only prefix stands that goes on like this. */
  targets: Int32Array
}

/** `prefixes` in order. Level by level, so that what a path meets first lies together. */
function treeOf(prefixes: string[]): Tree {
  const endings: number[] = []
  const branches: number[] = []
  const characters: number[] = []
  const targets: number[] = []
  const nodes = [{ from: 0, to: prefixes.length, depth: 0 }]
  for (const { from, to, depth } of nodes) {
    const ends = prefixes[from]?.length === depth
    endings.push(ends ? from : -1)
    branches.push(targets.length)
    for (let at = ends ? from + 1 : from; at < to; ) {
      const character = (prefixes[at] as string).charCodeAt(depth)
      let next = at + 1
      while (next < to && prefixes[next]?.charCodeAt(depth) === character) next++
      characters.push(character)
      targets.push(next === at + 1 ? ~at : nodes.length)
      if (next > at + 1) nodes.push({ from: at, to: next, depth: depth + 1 })
      at = next
    }
  }
  branches.push(targets.length)
  return {
    endings: Int32Array.from(endings),
    branches: Int32Array.from(branches),
    characters: Uint16Array.from(characters),
    targets: Int32Array.from(targets),
  }
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
