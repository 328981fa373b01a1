import { expect } from 'chai'
import { HeaderList } from '../../http1/header-list.ts'
import { createSharedCache } from '../shared-cache.ts'
import { createStore } from './store.ts'

const headers = new HeaderList()
headers.append('Set-Cookie', 'a=1')
headers.append('set-cookie', 'b=\u00e9')
headers.append('ETag', '"x"')
const answer = { status: 203, headers, body: Buffer.from([0, 255, 10]), storedAt: 1234, freshFor: 60 }

describe("proxy-cache's memory", () => {
  it('gives an answer back byte for byte, with every line of its head', () => {
    const store = createStore(createSharedCache())
    store.set('a', answer, 1000)
    expect(store.get('a')).to.deep.equal(answer)
    expect(store.get('b')).to.equal(undefined)
  })

  it('is one for all who look at the same cache', () => {
    const cache = createSharedCache()
    createStore(cache).set('a', answer, 1000)
    const other = createStore(createSharedCache(cache.buffer))
    expect(other.get('a')?.status).to.equal(203)
    other.delete('a')
    expect(createStore(cache).get('a')).to.equal(undefined)
  })
})
