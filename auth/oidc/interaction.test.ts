import { expect } from 'chai'
import { isFreshEnough } from './interaction.ts'

describe('a sign-in is fresh enough for an app', () => {
  const fresh = (params: Record<string, unknown>, authTime: number) => isFreshEnough({ params, iat: 1_000 }, authTime)

  it('whenever it was, where the app does not ask', () => {
    expect(fresh({}, 1)).to.equal(true)
    expect(fresh({ prompt: 'consent' }, 1)).to.equal(true)
  })

  it('up to max_age before its request', () => {
    expect(fresh({ max_age: 60 }, 940)).to.equal(true)
    expect(fresh({ max_age: 60 }, 939)).to.equal(false)
    expect(fresh({ max_age: 0 }, 999)).to.equal(false)
  })

  it('with prompt=login, or in any case, once it comes after its request', () => {
    expect(fresh({ prompt: 'login consent' }, 999)).to.equal(false)
    expect(fresh({ prompt: 'login', max_age: 60 }, 999)).to.equal(false)
    for (const params of [{ prompt: 'login' }, { max_age: 0 }]) expect(fresh(params, 1_000)).to.equal(true)
  })
})
