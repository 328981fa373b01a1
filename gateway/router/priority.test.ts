import { expect } from 'chai'
import { type Conditions, priority } from './priority.ts'

const plain: Conditions = { kinds: 1, plainHostsOnly: false, headers: 0, regexPriority: undefined, pathLength: 5 }

/** That the first comes before the second. */
function beats(first: Partial<Conditions>, second: Partial<Conditions>): void {
  expect(priority({ ...plain, ...first }) > priority({ ...plain, ...second })).to.equal(true)
}

describe('priority', () => {
  it('puts plain hosts before any regex, whatever else is asked', () => {
    beats({ plainHostsOnly: true }, { kinds: 3, regexPriority: 9 })
  })
  it('puts a regex before any plain path', () =>
    beats({ regexPriority: 0, pathLength: 0 }, { kinds: 3, pathLength: 99 }))
  it('puts more kinds of conditions before a longer path', () => beats({ kinds: 2 }, { pathLength: 500 }))
  it('puts more headers before a longer path', () => {
    beats({ kinds: 2, headers: 2 }, { kinds: 2, headers: 1, pathLength: 500 })
  })
  it('orders regexes by their priority', () =>
    beats({ regexPriority: 5, pathLength: 0 }, { regexPriority: 1, pathLength: 0 }))
  it('puts four kinds of conditions before everything', () => beats({ kinds: 4 }, { kinds: 3, plainHostsOnly: true }))
})
