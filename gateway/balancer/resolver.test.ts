import { expect } from 'chai'
import type { ServiceRecord } from './name-service.ts'
import { createResolver } from './resolver.ts'

type Addresses = { address: string; family: number }[]

const v4 = (...addresses: string[]): Addresses => addresses.map((address) => ({ address, family: 4 }))
const settled = () => new Promise(setImmediate)

describe('resolving names', () => {
  let hosts: Record<string, Addresses>
  let services: Record<string, ServiceRecord[]>
  let life: number | undefined
  let asked: string[]
  let time: number

  const given = <Answer>(answers: Record<string, Answer>, host: string): Promise<Answer> =>
    answers[host] ? Promise.resolve(answers[host]) : Promise.reject(new Error('the name service is away'))

  const resolver = () =>
    createResolver({
      now: () => time,
      names: {
        addresses(host) {
          asked.push(host)
          return given(hosts, host)
        },
        services: (host) => given(services, host),
        timeToLive: () => Promise.resolve(life),
      },
    })

  beforeEach(() => {
    hosts = {}
    services = {}
    life = undefined
    asked = []
    time = 0
  })

  it('asks nobody for an address', () => {
    expect(resolver().resolve('10.0.0.1')).to.deep.equal([{ ip: '10.0.0.1' }])
    expect(resolver().resolve('::1')).to.deep.equal([{ ip: '::1' }])
    expect(asked).to.deep.equal([])
  })

  it('prefers IPv4 addresses', async () => {
    hosts = { localhost: [{ address: '::1', family: 6 }, ...v4('127.0.0.1')] }
    expect(await resolver().resolve('localhost')).to.deep.equal([{ ip: '127.0.0.1' }])
  })

  it('asks once for many requests, and answers at once from then on', async () => {
    hosts = { 'a.test': v4('10.0.0.1') }
    const { resolve } = resolver()
    await Promise.all([resolve('a.test'), resolve('a.test')])
    expect(resolve('a.test')).to.deep.equal([{ ip: '10.0.0.1' }])
    expect(asked).to.have.length(1)
  })

  it('follows a name that moves, and gives the same answer as long as it does not', async () => {
    hosts = { 'a.test': v4('10.0.0.2', '10.0.0.1') }
    const { resolve } = resolver()
    const first = await resolve('a.test')
    hosts = { 'a.test': v4('10.0.0.1', '10.0.0.2') }
    time = 60_000
    resolve('a.test')
    await settled()
    expect(resolve('a.test')).to.equal(first)
    hosts = { 'a.test': v4('10.0.0.3') }
    time = 120_000
    resolve('a.test')
    await settled()
    expect(resolve('a.test')).to.deep.equal([{ ip: '10.0.0.3' }])
  })

  it('asks again when the time to live is over, and not before', async () => {
    hosts = { 'a.test': v4('10.0.0.1') }
    life = 30
    const { resolve } = resolver()
    await resolve('a.test')
    await settled()
    time = 29_999
    resolve('a.test')
    expect(asked).to.have.length(1)
    time = 30_000
    resolve('a.test')
    await settled()
    expect(asked).to.have.length(2)
  })

  it('keeps the last answer while the name service is away', async () => {
    hosts = { 'a.test': v4('10.0.0.1') }
    const { resolve } = resolver()
    await resolve('a.test')
    hosts = {}
    time = 60_000
    resolve('a.test')
    await settled()
    expect(resolve('a.test')).to.deep.equal([{ ip: '10.0.0.1' }])
  })

  it('asks again after a failure, but not at once', async () => {
    const { resolve } = resolver()
    const outcome = () => Promise.resolve(resolve('a.test')).catch((error: Error) => error.message) as Promise<unknown>
    expect(await outcome()).to.equal('the name service is away')
    hosts = { 'a.test': v4('10.0.0.1') }
    expect(await outcome()).to.equal('the name service is away')
    time = 1_000
    expect(await outcome()).to.deep.equal([{ ip: '10.0.0.1' }])
  })

  it('goes where SRV records of the first priority lead, by their ports and weights', async () => {
    services = {
      'web.test': [
        { name: 'one.test', port: 81, priority: 1, weight: 30 },
        { name: 'other.test', port: 82, priority: 1, weight: 0 },
        { name: 'spare.test', port: 83, priority: 2, weight: 10 },
      ],
    }
    hosts = { 'one.test': v4('10.0.0.1'), 'other.test': v4('10.0.0.2'), 'spare.test': v4('10.0.0.3') }
    expect(await resolver().resolve('web.test')).to.deep.equal([
      { ip: '10.0.0.1', port: 81, weight: 30, name: 'one.test' },
      { ip: '10.0.0.2', port: 82, weight: 1, name: 'other.test' },
    ])
  })
})
