import { expect } from 'chai'
import { newSigningKey, type SigningKey } from './signing-key.ts'
import { signingKeyOf, standings } from './standing.ts'

const START = new Date('2026-01-01T00:00:00Z')
const at = (seconds: number) => new Date(+START + seconds * 1_000)

describe('where signing keys stand', () => {
  let keys: SigningKey[]

  before(async () => {
    const made = await Promise.all([at(0), at(0), at(100)].map((time) => newSigningKey(time)))
    const since = [at(0), at(100), undefined]
    keys = made.map((key, place) => ({ ...key, signingSince: since[place] }))
  })

  const states = (now: Date) => standings(keys, now).map(({ state }) => state)

  it('one signs, the one before still verifies, the one that has not signed yet is next', () => {
    expect(states(at(100))).to.deep.equal(['verifying', 'signing', 'next'])
  })

  it('a key is needed until the longest token has expired and clocks have had a minute to differ, and no longer', () => {
    const needed = 100 + 600 + 60
    expect(states(at(needed - 1))[0]).to.equal('verifying')
    expect(states(at(needed))[0]).to.equal('expired')
    expect(standings(keys, at(0))[0]?.retirableFrom).to.deep.equal(at(needed))
  })

  it('the key that signs and the one that waits are never to be retired', () => {
    expect(states(at(1e9)).slice(1)).to.deep.equal(['signing', 'next'])
  })

  it('says since when', () => {
    expect(standings(keys, at(200)).map(({ since }) => since)).to.deep.equal([at(100), at(100), at(100)])
  })

  it('none signs while all wait', () => {
    expect(signingKeyOf(keys.slice(2))).to.equal(undefined)
    expect(signingKeyOf(keys)).to.equal(keys[1])
  })
})
