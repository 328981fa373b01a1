import { expect } from 'chai'
import { createWheel } from './round-robin.ts'

const turn = (weights: Record<string, number>, times: number) => {
  const next = createWheel(Object.entries(weights).map(([name, weight]) => ({ name, weight })))
  return next && Array.from({ length: times }, () => next().name).join('')
}

describe('round robin', () => {
  it('takes everyone in turn where weights are equal', () => {
    expect(turn({ a: 100, b: 100, c: 100 }, 6)).to.equal('abcabc')
  })

  it('gives everyone a share by weight, evenly spread', () => {
    expect(turn({ a: 30, b: 10 }, 8)).to.equal('aabaaaba')
  })

  it('never takes who has no weight', () => {
    expect(turn({ a: 0, b: 5 }, 3)).to.equal('bbb')
  })

  it('has nobody to take where nobody has weight', () => {
    expect(turn({ a: 0 }, 1)).to.equal(undefined)
    expect(turn({}, 1)).to.equal(undefined)
  })
})
