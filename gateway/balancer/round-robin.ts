export interface Weighted {
  weight: number
}

/** Gives where a wheel stands, and moves it on by one; it outlives a reload. */
export type Turn = () => number

/**
 * A wheel with as many places for each item as its share of the weight; the places of one item are spread evenly.
 * Gives the next item that is usable.
 */
export function createWheel<Item extends Weighted>(
  items: readonly Item[],
  turn: Turn,
): (usable: (item: Item) => boolean) => Item | undefined {
  const divisor = items.reduce((common, { weight }) => greatestCommonDivisor(common, weight), 0)
  const places = items
    .flatMap((item) => spread(item, item.weight / divisor))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
  return (usable) => {
    for (let tried = 0; tried < places.length; tried++) {
      const item = places[turn() % places.length] as Item
      if (usable(item)) return item
    }
    return undefined
  }
}

function spread<Item>(item: Item, places: number): { item: Item; at: number }[] {
  return Array.from({ length: places || 0 }, (_, place) => ({ item, at: (place + 0.5) / places }))
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
