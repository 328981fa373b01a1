export interface Weighted {
  weight: number
}

/**
 * A wheel with as many places for each item as its share of the weight; the places of one item are spread evenly.
 * Undefined when nothing has weight.
 */
export function createWheel<Item extends Weighted>(items: readonly Item[]): (() => Item) | undefined {
  const divisor = items.reduce((common, { weight }) => greatestCommonDivisor(common, weight), 0)
  if (divisor === 0) return undefined
  const places = items
    .flatMap((item) => spread(item, item.weight / divisor))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
  let next = 0
  return () => {
    const item = places[next] as Item
    next = (next + 1) % places.length
    return item
  }
}

function spread<Item>(item: Item, places: number): { item: Item; at: number }[] {
  return Array.from({ length: places }, (_, place) => ({ item, at: (place + 0.5) / places }))
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
