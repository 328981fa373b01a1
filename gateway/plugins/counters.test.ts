import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { createSharedCounters } from './counters.ts'

const MINUTE = 60_000

describe('shared counters', () => {
  it('count each key apart and give the new value', () => {
    const counters = createSharedCounters()
    expect(counters.increment('a', 1, MINUTE)).to.equal(1)
    expect(counters.increment('a', 2, MINUTE)).to.equal(3)
    expect(counters.increment('b', 1, MINUTE)).to.equal(1)
    expect(counters.get('a')).to.equal(3)
    expect(counters.get('c')).to.equal(0)
  })

  it('start at zero again when the life span is over, which an increment does not prolong', () => {
    let time = 1000
    const counters = createSharedCounters(undefined, () => time)
    counters.increment('a', 5, 100)
    time = 1099
    expect(counters.increment('a', 1, 100)).to.equal(6)
    time = 1100
    expect(counters.get('a')).to.equal(0)
    expect(counters.increment('a', 1, 100)).to.equal(1)
  })

  it('take room for as long as they count', () => {
    let time = 1000
    const counters = createSharedCounters(undefined, () => time)
    const { total, used } = counters.occupancy()
    expect(used).to.equal(0)
    counters.increment('a', 1, 100)
    const { used: one } = counters.occupancy()
    expect(one).to.be.within(1, total / 1000)
    counters.increment('a', 1, 100)
    counters.increment('b', 1, 200)
    expect(counters.occupancy()).to.deep.equal({ used: 2 * one, total })
    time = 1100
    expect(counters.occupancy()).to.deep.equal({ used: one, total })
  })

  it('keep ten thousand keys apart', () => {
    const counters = createSharedCounters()
    for (let at = 0; at < 10_000; at++) counters.increment(`client-${at}`, at + 1, MINUTE)
    const wrong = Array.from({ length: 10_000 }, (_, at) => counters.get(`client-${at}`) === at + 1).indexOf(false)
    expect(wrong).to.equal(-1)
  })

  it('never grow: the keys that expire first make room', () => {
    const counters = createSharedCounters()
    counters.increment('stays', 7, 1000 * MINUTE)
    for (let at = 0; at < 400_000; at++) counters.increment(`flood-${at}`, 1, MINUTE)
    expect(counters.get('stays')).to.equal(7)
  })

  it('lose no increment of several threads at once, on one key and on many', async function () {
    this.timeout(30_000)
    const counters = createSharedCounters()
    const [threads, rounds] = [4, 20_000]
    const script = `
      import { workerData } from 'node:worker_threads'
      const { createSharedCounters } = await import(workerData.module)
      const counters = createSharedCounters(workerData.buffer)
      for (let at = 0; at < ${rounds}; at++) {
        counters.increment('hot', 1, ${MINUTE})
        counters.increment('key-' + (at % 500), 1, ${MINUTE})
      }`
    const workers = Array.from(
      { length: threads },
      () =>
        new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
          workerData: { buffer: counters.buffer, module: new URL('./counters.ts', import.meta.url).href },
        }),
    )
    for (const [code] of await Promise.all(workers.map((worker) => once(worker, 'exit')))) expect(code).to.equal(0)
    expect(counters.get('hot')).to.equal(threads * rounds)
    const wrong = Array.from({ length: 500 }, (_, at) => counters.get(`key-${at}`))
    expect(new Set(wrong)).to.deep.equal(new Set([(threads * rounds) / 500]))
  })
})
