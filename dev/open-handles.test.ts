import { expect } from 'chai'
import { watchHandles } from './open-handles.ts'
import { until } from './stack/until.ts'

describe('what keeps a process from ending', () => {
  const { list, stop } = watchHandles()
  const here = () => list().filter((line) => line.includes('dev/open-handles.test.ts:'))
  after(stop)

  it('is told by its kind, its number and the line that opened it', () => {
    const timers = [1, 2].map(() => setTimeout(() => undefined, 60_000))
    expect(here()).to.have.length(1)
    expect(here()[0]).to.match(/^2 × Timeout dev\/open-handles\.test\.ts:\d+$/)
    for (const timer of timers) clearTimeout(timer)
  })

  it('is not told of what has ended, or lets the process end', async () => {
    const timer = setTimeout(() => undefined, 60_000).unref()
    const other = setInterval(() => undefined, 60_000)
    expect(here().join()).to.match(/^1 × Timeout /)
    clearInterval(other)
    await until(() => here().length === 0, { within: 5_000, what: 'nothing is open' })
    clearTimeout(timer)
  })
})
