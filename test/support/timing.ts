/** Milliseconds that tries of two kinds took. */
export interface Samples {
  one: number[]
  other: number[]
}

export const TRIES = 200
/** Of a normal distribution: chance alone gets beyond it once in a hundred times, twice in a row on the same side once in 20,000. */
const MOST_BY_CHANCE = 2.58
/** Less than this cannot be told from the network's noise by anybody. */
const LEAST_MS = 0.5

/** Tries both kinds in turn, which comes first being left to chance, so that whatever else happens on the machine meets both alike. */
export async function sample(
  kinds: Record<keyof Samples, (index: number) => Promise<unknown>>,
  { lanes = 1 } = {},
): Promise<Samples> {
  const samples: Samples = { one: [], other: [] }
  let next = 0
  const lane = async () => {
    while (next < TRIES) {
      const index = next++
      const order: (keyof Samples)[] = Math.random() < 0.5 ? ['one', 'other'] : ['other', 'one']
      for (const kind of order) {
        const started = performance.now()
        await kinds[kind](index)
        samples[kind].push(performance.now() - started)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return samples
}

/** Which kind takes longer, by the Mann–Whitney test, which outliers do not move; undefined where it may be chance. */
export function slower({ one, other }: Samples): keyof Samples | undefined {
  const difference = median(one) - median(other)
  if (Math.abs(difference) < LEAST_MS || Math.abs(standardised(one, other)) < MOST_BY_CHANCE) return undefined
  return difference > 0 ? 'one' : 'other'
}

/** Which kind takes longer in two samples; the second is only taken where the first says so. */
export async function slowerTwice(take: () => Promise<Samples>): Promise<keyof Samples | undefined> {
  const first = slower(await take())
  return first && slower(await take()) === first ? first : undefined
}

/** How far the count of pairs in which `one` takes longer is from what chance makes of it, in standard deviations. */
function standardised(one: number[], other: number[]): number {
  const pairs = one.length * other.length
  const longer = one.reduce((sum, time) => sum + other.filter((each) => time > each).length, 0)
  return (longer - pairs / 2) / Math.sqrt((pairs * (one.length + other.length + 1)) / 12)
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
