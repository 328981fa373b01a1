import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import type { Gateway } from '../plugin.ts'
import { enqueue } from './batch-queue.ts'
import type { QueueSettings } from './queue-fields.ts'

const SETTINGS: QueueSettings = {
  max_batch_size: 1,
  max_coalescing_delay: 0,
  max_entries: 100,
  max_bytes: null,
  max_retry_time: 5,
  initial_retry_delay: 0.001,
  max_retry_delay: 0.01,
  concurrency_limit: 1,
}

describe('the queue of a plugin', () => {
  let logged: string[]
  let closing: AbortController
  let batches: string[][]
  /** What the receiver does with each batch before it has it. */
  let receive: (entries: string[]) => Promise<void>
  let gateway: Gateway

  beforeEach(() => {
    logged = []
    batches = []
    closing = new AbortController()
    receive = () => Promise.resolve()
    const note = (message: string) => logged.push(message)
    const log = { debug: note, info: note, warn: note, error: note }
    gateway = { log, closing: closing.signal } as unknown as Gateway
  })
  afterEach(() => closing.abort())

  function add(entry: string, settings: Partial<QueueSettings> = {}): void {
    const deliver = async (entries: string[]) => {
      await receive(entries)
      batches.push(entries)
    }
    enqueue(gateway, { key: 'k', name: 'test', settings: { ...SETTINGS, ...settings }, deliver }, entry, entry.length)
  }
  const arrived = (count: number) =>
    until(() => batches.flat().length === count, { within: 5_000, what: `${count} entries` })
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at))

  it('delivers in order, one batch after the other', async () => {
    let at = 0
    let underWay = 0
    receive = async () => {
      expect(++underWay).to.equal(1)
      await new Promise(at++ % 2 ? setImmediate : (done) => setTimeout(done, 2))
      underWay--
    }
    for (const entry of numbers(20)) add(entry)
    await arrived(20)
    expect(batches.flat()).to.deep.equal(numbers(20))
  })

  it('waits for a batch to fill, but not for longer than it may', async () => {
    const settings = { max_batch_size: 3, max_coalescing_delay: 0.05 }
    for (const entry of numbers(4)) add(entry, settings)
    await arrived(4)
    expect(batches).to.deep.equal([['0', '1', '2'], ['3']])
  })

  it('tries the same entries again until they have arrived', async () => {
    let failures = 3
    receive = () => (failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve())
    for (const entry of numbers(5)) add(entry)
    await arrived(5)
    expect(batches.flat()).to.deep.equal(numbers(5))
    expect(logged).to.deep.equal(['test: entries could not be delivered, trying again'])
  })

  it('gives a batch up when its time is over, and says so', async () => {
    receive = ([entry]) => (entry === '0' ? Promise.reject(new Error('away')) : Promise.resolve())
    for (const entry of numbers(2)) add(entry, { max_retry_time: 0.02 })
    await arrived(1)
    expect(batches).to.deep.equal([['1']])
    expect(logged).to.include('test: entries are lost')
  })

  it('never holds more than it may: the oldest entries go first', async () => {
    const gate = Promise.withResolvers<void>()
    receive = () => gate.promise
    for (const entry of numbers(10)) add(entry, { max_entries: 3 })
    gate.resolve()
    await arrived(4)
    expect(batches.flat()).to.deep.equal(['0', '7', '8', '9'])
    expect(logged).to.deep.equal(['test: the queue is full, its oldest entries are lost', 'test: the queue moves on'])
  })

  it('never holds more bytes than it may, nor an entry that is larger', async () => {
    const gate = Promise.withResolvers<void>()
    receive = () => gate.promise
    for (const entry of ['aaaa', 'bbbb', 'cccc', 'dd', 'e'.repeat(11)]) add(entry, { max_bytes: 8 })
    gate.resolve()
    await arrived(3)
    expect(batches.flat()).to.deep.equal(['aaaa', 'cccc', 'dd'])
  })

  it('delivers all at once where concurrency is not limited', async () => {
    const gate = Promise.withResolvers<void>()
    let underWay = 0
    receive = () => {
      underWay++
      return gate.promise
    }
    for (const entry of numbers(5)) add(entry, { concurrency_limit: -1, max_batch_size: 10 })
    expect(underWay).to.equal(5)
    gate.resolve()
    await arrived(5)
  })

  it('waits for nothing any more when the worker ends', async () => {
    for (const entry of numbers(2)) add(entry, { max_batch_size: 10, max_coalescing_delay: 3600 })
    closing.abort()
    await arrived(2)
    receive = () => Promise.reject(new Error('away'))
    add('lost')
    await until(() => logged.includes('test: entries are lost'), { within: 1_000, what: 'giving up' })
  })
})
