/**
 * Prefixes as a tree of their characters. It lies in flat arrays: among thousands of routes, a walk from object to object, or from
 * string to string, would mostly wait for memory. A node stands for the beginning that all prefixes below it share.
 */
export interface PrefixTree {
  /** For each node, where the prefix stands that is this very beginning; -1 if there is none. */
  endings: Int32Array
  /** For each node, where its branches begin; they end where the next node's begin. */
  branches: Int32Array
  /** For each branch, the next character. */
  characters: Uint16Array
  /** For each branch, the node that it leads to, or the complement of where the only prefix stands that goes on like this. */
  targets: Int32Array
  /** For each prefix, where its rest begins in `rests`: what follows the branch that leads to it alone. It ends where the next one's begins. */
  restsFrom: Int32Array
  /** Characters. */
  rests: Uint16Array
}

/** `prefixes` in order. Level by level, so that what a path meets first lies together. */
export function treeOf(prefixes: string[]): PrefixTree {
  const endings: number[] = []
  const branches: number[] = []
  const characters: number[] = []
  const targets: number[] = []
  const rests: string[] = prefixes.map(() => '')
  const nodes = [{ from: 0, to: prefixes.length, depth: 0 }]
  for (const { from, to, depth } of nodes) {
    const ends = prefixes[from]?.length === depth
    endings.push(ends ? from : -1)
    branches.push(targets.length)
    for (let at = ends ? from + 1 : from; at < to; ) {
      const prefix = prefixes[at] as string
      const character = prefix.charCodeAt(depth)
      let next = at + 1
      while (next < to && prefixes[next]?.charCodeAt(depth) === character) next++
      characters.push(character)
      if (next === at + 1) {
        targets.push(~at)
        rests[at] = prefix.slice(depth + 1)
      } else {
        targets.push(nodes.length)
        nodes.push({ from: at, to: next, depth: depth + 1 })
      }
      at = next
    }
  }
  branches.push(targets.length)
  return {
    endings: Int32Array.from(endings),
    branches: Int32Array.from(branches),
    characters: Uint16Array.from(characters),
    targets: Int32Array.from(targets),
    ...packed(rests),
  }
}

function packed(texts: string[]): Pick<PrefixTree, 'restsFrom' | 'rests'> {
  const restsFrom = new Int32Array(texts.length + 1)
  for (const [at, { length }] of texts.entries()) restsFrom[at + 1] = (restsFrom[at] as number) + length
  const joined = texts.join('')
  return { restsFrom, rests: Uint16Array.from(joined, (_, at) => joined.charCodeAt(at)) }
}
