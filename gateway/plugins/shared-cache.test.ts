import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { cacheMemory, createSharedCache } from './shared-cache.ts'

const KIB = 1024

describe('the shared cache', () => {
  it('gives back what it was given, of any length', () => {
    const cache = createSharedCache(cacheMemory(64 * KIB))
    for (const length of [0, 1, KIB, KIB + 1, 10 * KIB]) {
      const value = Buffer.alloc(length, `${length}`)
      cache.set(`of ${length}`, value, 1000)
      expect(cache.get(`of ${length}`)?.equals(value)).to.equal(true)
    }
  })

  it('says how much room is taken', () => {
    const cache = createSharedCache(cacheMemory(8 * KIB))
    cache.set('a', Buffer.alloc(KIB + 1), 1000)
    cache.set('b', Buffer.alloc(1), 1000)
    expect(cache.occupancy()).to.deep.equal({ used: 3 * KIB, total: 8 * KIB })
    cache.delete('a')
    expect(cache.occupancy().used).to.equal(KIB)
  })

  it('gives nothing that is over, deleted or cleared away', () => {
    let time = 0
    const cache = createSharedCache(cacheMemory(8 * KIB), () => time)
    const keep = (key: string) => cache.set(key, Buffer.from(key), 100)
    for (const key of ['a', 'b', 'c']) keep(key)
    cache.delete('a')
    cache.delete('never there')
    expect(['a', 'b', 'c'].map((key) => cache.get(key)?.toString())).to.deep.equal([undefined, 'b', 'c'])
    time = 100
    expect(cache.get('b')).to.equal(undefined)
    keep('d')
    cache.clear()
    expect(['c', 'd'].map((key) => cache.get(key))).to.deep.equal([undefined, undefined])
    keep('e')
    expect(cache.get('e')?.toString()).to.equal('e')
  })

  it('makes room by forgetting what has not been asked for the longest', () => {
    const cache = createSharedCache(cacheMemory(4 * KIB))
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, Buffer.alloc(KIB), 1000)
    cache.get('a')
    cache.set('long', Buffer.alloc(2 * KIB), 1000)
    const kept = ['a', 'b', 'c', 'd', 'long'].filter((key) => cache.get(key))
    expect(kept).to.deep.equal(['a', 'd', 'long'])
  })

  it('does not take what is longer than all of it, and forgets nothing for that', () => {
    const cache = createSharedCache(cacheMemory(2 * KIB))
    cache.set('a', Buffer.alloc(KIB), 1000)
    cache.set('too long', Buffer.alloc(3 * KIB), 1000)
    expect([cache.get('a')?.length, cache.get('too long')]).to.deep.equal([KIB, undefined])
  })

  it('holds as much after ten thousand changes as before', () => {
    const cache = createSharedCache(cacheMemory(16 * KIB))
    const known = new Map<string, string>()
    for (let round = 0; round < 10_000; round++) {
      const key = `${(round * 7) % 40}`
      const value = `${round}`.repeat((round * 13) % 900)
      cache.set(key, Buffer.from(value), 1000)
      known.set(key, value)
      if (round % 5 === 0) cache.delete(`${round % 40}`)
      const found = cache.get(`${(round * 3) % 40}`)
      if (found) expect(found.toString()).to.equal(known.get(`${(round * 3) % 40}`))
    }
    for (let at = 0; at < 16; at++) cache.set(`last ${at}`, Buffer.alloc(KIB), 1000)
    for (let at = 0; at < 16; at++) expect(cache.get(`last ${at}`)).to.have.length(KIB)
  })

  it('is the same for all threads, at the same time', async () => {
    const cache = createSharedCache(cacheMemory(64 * KIB))
    const code = `
      const { workerData } = require('node:worker_threads')
      import(workerData.module).then(({ createSharedCache }) => {
        const cache = createSharedCache(workerData.buffer)
        for (let round = 0; round < 5000; round++) {
          const text = String(round % 50)
          cache.set(text, Buffer.from(text.repeat(700)), 1e6)
          const found = cache.get(String((round * 7) % 50))
          if (found && found.toString() !== String((round * 7) % 50).repeat(700)) throw new Error('mixed up')
        }
      })`
    const workerData = { module: new URL('./shared-cache.ts', import.meta.url).href, buffer: cache.buffer }
    const run = () =>
      new Promise((resolve, reject) =>
        new Worker(code, { eval: true, workerData }).on('exit', resolve).on('error', reject),
      )
    await Promise.all([run(), run(), run()])
    cache.set('after', Buffer.from('all'), 1000)
    expect(cache.get('after')?.toString()).to.equal('all')
  })
})
