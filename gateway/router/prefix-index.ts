/**
 * Finds everything stored under any prefix of a path in O(log n): a binary search finds the greatest stored prefix that is not
 * behind the path; every stored prefix of the path is that one or one of its ancestors.
 */
export class PrefixIndex<Value> {
  readonly #prefixes: string[]
  readonly #values: Value[]
  /** For each prefix, where the longest other prefix of it stands; -1 if there is none. */
  readonly #parents: number[] = []

  constructor(byPrefix: Map<string, Value>) {
    this.#prefixes = [...byPrefix.keys()].sort(byCodeUnit)
    this.#values = this.#prefixes.map((prefix) => byPrefix.get(prefix) as Value)
    for (const [at, prefix] of this.#prefixes.entries()) this.#parents.push(this.#ancestor(at - 1, prefix))
  }

  /** Where the longest prefix of `path` stands, or -1. */
  longest(path: string): number {
    let low = 0
    let high = this.#prefixes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#prefixes[middle] as string) <= path) low = middle + 1
      else high = middle
    }
    return this.#ancestor(low - 1, path)
  }

  /** Where the next shorter prefix of the same path stands, or -1. */
  parent(at: number): number {
    return this.#parents[at] as number
  }

  value(at: number): Value {
    return this.#values[at] as Value
  }

  #ancestor(from: number, path: string): number {
    let at = from
    while (at >= 0 && !path.startsWith(this.#prefixes[at] as string)) at = this.#parents[at] as number
    return at
  }
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
