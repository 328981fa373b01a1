import { expect } from 'chai'
import { createResolver } from './resolver.ts'

describe('resolving names', () => {
  let answers: ({ address: string; family: number }[] | Error)[]
  let asked: string[]
  let time: number

  function resolver() {
    return createResolver({
      now: () => time,
      ask: (host) => {
        asked.push(host)
        const answer = answers.shift() ?? new Error('the name service is away')
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
      },
    })
  }

  beforeEach(() => {
    answers = []
    asked = []
    time = 0
  })

  it('asks nobody for an address', () => {
    expect(resolver().resolve('10.0.0.1')).to.deep.equal(['10.0.0.1'])
    expect(resolver().resolve('::1')).to.deep.equal(['::1'])
    expect(asked).to.deep.equal([])
  })

  it('prefers IPv4 addresses', async () => {
    answers = [
      [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ],
    ]
    expect(await resolver().resolve('localhost')).to.deep.equal(['127.0.0.1'])
  })

  it('asks once for many requests, and answers at once from then on', async () => {
    answers = [[{ address: '10.0.0.1', family: 4 }]]
    const { resolve } = resolver()
    await Promise.all([resolve('a.test'), resolve('a.test')])
    expect(resolve('a.test')).to.deep.equal(['10.0.0.1'])
    expect(asked).to.have.length(1)
  })

  it('follows a name that moves', async () => {
    answers = [[{ address: '10.0.0.1', family: 4 }], [{ address: '10.0.0.2', family: 4 }]]
    const { resolve } = resolver()
    await resolve('a.test')
    time = 60_000
    resolve('a.test')
    await new Promise(setImmediate)
    expect(resolve('a.test')).to.deep.equal(['10.0.0.2'])
  })

  it('keeps the last answer while the name service is away', async () => {
    answers = [[{ address: '10.0.0.1', family: 4 }]]
    const { resolve } = resolver()
    await resolve('a.test')
    time = 60_000
    resolve('a.test')
    await new Promise(setImmediate)
    expect(resolve('a.test')).to.deep.equal(['10.0.0.1'])
  })

  it('asks again after a failure', async () => {
    const { resolve } = resolver()
    const failed = await Promise.resolve(resolve('a.test')).catch((error: Error) => error.message)
    expect(failed).to.equal('the name service is away')
    answers = [[{ address: '10.0.0.1', family: 4 }]]
    expect(await resolve('a.test')).to.deep.equal(['10.0.0.1'])
  })
})
