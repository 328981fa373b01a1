import { expect } from 'chai'
import { createTurns } from './turns.ts'

describe('turns', () => {
  it('come one after another for the same key, and at once for others', async () => {
    const inTurn = createTurns({ length: 5 })
    const log: string[] = []
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const first = inTurn('a', () => held.then(() => log.push('first')))
    const second = inTurn('a', async () => log.push('second'))
    await inTurn('b', async () => log.push('other'))
    release()
    await Promise.all([first, second])
    expect(log).to.deep.equal(['other', 'first', 'second'])
  })

  it('are refused with 503 where too many wait for the same key', async () => {
    const inTurn = createTurns({ length: 1 })
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const works = [inTurn('a', () => held), inTurn('a', () => held)]
    expect(await inTurn('a', () => held).catch((error) => error.status)).to.equal(503)
    release()
    await Promise.all(works)
    expect(await inTurn('a', async () => 'free again')).to.equal('free again')
  })
})
