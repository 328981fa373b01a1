import { expect } from 'chai'
import { boundedQueue } from './bounded-queue.ts'

describe('bounded queue', () => {
  /** Works that run until they are told to end. */
  function harness({ concurrency, length }: { concurrency: number; length: number }) {
    const run = boundedQueue({ concurrency, length })
    const ends: (() => void)[] = []
    const work = () => new Promise<void>((resolve) => ends.push(resolve))
    return { ends, start: () => run(work), run }
  }

  const settled = () => new Promise((resolve) => setImmediate(resolve))

  it('runs so many at once and the others in their order', async () => {
    const { ends, start } = harness({ concurrency: 2, length: 5 })
    const works = [start(), start(), start(), start()]
    expect(ends).to.have.lengthOf(2)
    ends[0]?.()
    await works[0]
    await settled()
    expect(ends).to.have.lengthOf(3)
    for (const end of ends) end()
    await settled()
    ends[3]?.()
    await Promise.all(works)
  })

  it('refuses with 503 what would have to wait behind a full queue', async () => {
    const { ends, start } = harness({ concurrency: 1, length: 1 })
    const works = [start(), start()]
    const refused = await start().catch((error) => error)
    expect(refused).to.include({ status: 503, code: 'BUSY' })
    expect(refused.headers).to.have.property('Retry-After')
    ends[0]?.()
    await works[0]
    await settled()
    ends[1]?.()
    await works[1]
  })

  it('gives the place of a work that failed to the next', async () => {
    const { run } = harness({ concurrency: 1, length: 1 })
    const failed = run(() => Promise.reject(new Error('failed'))).catch((error: Error) => error.message)
    const next = run(() => Promise.resolve('next'))
    expect(await Promise.all([failed, next])).to.deep.equal(['failed', 'next'])
    expect(await run(() => Promise.resolve('after'))).to.equal('after')
  })
})
