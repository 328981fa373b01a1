import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { CacheIndex, LOCK } from './cache-index.ts'
import { cacheMemory, createSharedCache } from './shared-cache.ts'

/** Takes the lock of the cache and dies. */
const DYING = `
  const { workerData } = require('node:worker_threads')
  Promise.all([import(workerData.index), import(workerData.lock)]).then(([{ CacheIndex, LOCK }, { lock }]) =>
    lock(new CacheIndex(workerData.buffer).words, LOCK))`

describe('a lock in shared memory', () => {
  it('does not stay with a thread that has died: the cache begins anew', async function () {
    this.timeout(20_000)
    const cache = createSharedCache(cacheMemory(64 * 1024))
    cache.set('a', Buffer.from('a'), 60_000)
    const module = (name: string) => new URL(name, import.meta.url).href
    const workerData = { index: module('./cache-index.ts'), lock: module('./shared-lock.ts'), buffer: cache.buffer }
    await new Promise((resolve, reject) =>
      new Worker(DYING, { eval: true, workerData }).on('exit', resolve).on('error', reject),
    )
    expect(new CacheIndex(cache.buffer).words[LOCK]).not.to.equal(0)
    expect(cache.get('a')).to.equal(undefined)
    cache.set('b', Buffer.from('b'), 60_000)
    expect(cache.get('b')?.toString()).to.equal('b')
  })
})
