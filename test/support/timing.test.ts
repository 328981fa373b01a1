import { expect } from 'chai'
import { type Samples, slowerTwice, TRIES } from './timing.ts'

/** The same numbers at every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('the comparison of times', () => {
  const EXPERIMENTS = 300

  /** How often one kind is said to take longer, where it takes so many milliseconds longer on a busy machine: most answers within a few milliseconds, one in ten far later. */
  async function verdicts(leak: number) {
    const random = numbers(1)
    const time = () => 20 - 4 * Math.log(1 - random()) + (random() < 0.1 ? 60 * random() : 0)
    const times = (more: number) => Array.from({ length: TRIES }, () => time() + more)
    const take = (): Promise<Samples> => Promise.resolve({ one: times(leak), other: times(0) })
    const said = []
    for (let i = 0; i < EXPERIMENTS; i++) said.push(await slowerTwice(take))
    return said.filter((verdict) => verdict !== undefined)
  }

  it('finds a leak of two milliseconds', async () => {
    const found = await verdicts(2)
    expect(new Set(found)).to.deep.equal(new Set(['one']))
    expect(found.length / EXPERIMENTS).to.be.above(0.95)
  })

  it('takes noise for what it is', async () => {
    expect(await verdicts(0)).to.deep.equal([])
  })
})
