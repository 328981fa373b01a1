import { expect } from 'chai'
import { HeaderList } from '../../http1/header-list.ts'
import { createStore } from './store.ts'

const answer = (length: number) => ({
  status: 200,
  headers: new HeaderList(),
  body: Buffer.alloc(length),
  storedAt: 0,
  freshFor: 60,
})

describe("proxy-cache's memory", () => {
  it('stays within its bound: what has not been asked for the longest makes room', () => {
    const store = createStore(() => 0, { total: 10_000, body: 5_000 })
    store.set('a', answer(4_000), 1)
    store.set('b', answer(4_000), 1)
    store.get('a')
    store.set('c', answer(4_000), 1)
    expect(['a', 'b', 'c'].filter((key) => store.get(key))).to.deep.equal(['a', 'c'])
  })

  it('has room again when entries are replaced or have expired', () => {
    let time = 0
    const store = createStore(() => time, { total: 10_000, body: 5_000 })
    for (let round = 0; round < 10; round++) store.set('a', answer(4_000), 100)
    store.set('b', answer(4_000), 1)
    time = 1
    expect(store.get('b')).to.equal(undefined)
    store.set('c', answer(4_000), 100)
    expect(store.get('a')?.body).to.have.length(4_000)
  })
})
