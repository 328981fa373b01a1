import { expect } from 'chai'
import { createWheel } from './round-robin.ts'

const items = (weights: Record<string, number>) => Object.entries(weights).map(([name, weight]) => ({ name, weight }))

function counting() {
  let next = 0
  return () => next++
}

const turn = (weights: Record<string, number>, times: number, usable: (name: string) => boolean = () => true) => {
  const next = createWheel(items(weights), counting())
  return Array.from({ length: times }, () => next(({ name }) => usable(name))?.name).join('')
}

describe('round robin', () => {
  it('takes everyone in turn where weights are equal', () => {
    expect(turn({ a: 100, b: 100, c: 100 }, 6)).to.equal('abcabc')
  })

  it('gives everyone a share by weight, evenly spread', () => {
    expect(turn({ a: 30, b: 10 }, 8)).to.equal('aabaaaba')
  })

  it('passes over who cannot be used', () => {
    expect(turn({ a: 1, b: 1, c: 1 }, 4, (name) => name !== 'b')).to.equal('acac')
  })

  it('finds nobody where nobody can be used, or is there', () => {
    expect(turn({ a: 1 }, 1, () => false)).to.equal('')
    expect(turn({}, 1)).to.equal('')
  })

  it('goes on where an earlier wheel has stopped', () => {
    const where = counting()
    const first = createWheel(items({ a: 1, b: 1 }), where)
    first(() => true)
    expect(createWheel(items({ a: 1, b: 1 }), where)(() => true)?.name).to.equal('b')
  })
})
