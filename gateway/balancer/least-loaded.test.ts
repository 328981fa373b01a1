import { expect } from 'chai'
import { lowestLatency, observeLatency } from './least-loaded.ts'
import { createBalancerMemory } from './memory.ts'
import type { Peer } from './peer.ts'
import { balancerOf, many, three } from './rehearsal.ts'
import { type Candidate, newLoad } from './target.ts'

describe('least connections', () => {
  const upstream = { ...three, algorithm: 'least-connections' }

  it('goes where the fewest requests are under way', () => {
    const { peers } = balancerOf('http://backend', upstream)
    const courses = [peers(), peers(), peers()]
    const hosts = courses.map((course) => (course.next() as Peer).host)
    expect(new Set(hosts).size).to.equal(3)
    courses[1]?.ended(200)
    expect((peers().next() as Peer).host).to.equal(hosts[1])
  })

  it('minds the weights', () => {
    const targets = [
      { target: '10.0.0.1:81', weight: 300 },
      { target: '10.0.0.2:81', weight: 100 },
    ]
    const { peers } = balancerOf('http://backend', { ...upstream, targets })
    const hosts = many(8, () => (peers().next() as Peer).host)
    expect(hosts.filter((host) => host === '10.0.0.1:81')).to.have.length(6)
  })

  it('tries another target after one has failed', () => {
    const { peers } = balancerOf('http://backend', upstream)
    const course = peers()
    const tried = many(3, () => {
      const { host } = course.next() as Peer
      course.failed('failure')
      return host
    })
    expect(new Set(tried).size).to.equal(3)
  })

  it('still counts what was under way before a reload', () => {
    const memory = createBalancerMemory()
    const first = balancerOf('http://backend', upstream, memory).one()
    expect(balancerOf('http://backend', upstream, memory).one()).not.to.equal(first)
  })
})

describe('latency', () => {
  const second = 1000
  const at = (name: string, weight = 100): Candidate => {
    const target = { name, host: name, port: 80, weight }
    return { target, ip: name, port: 80, weight, hostname: name, isService: false, load: newLoad() }
  }
  const choice = { hash: '', failed: new Set<Candidate>(), usable: () => true }

  it('goes where answers have been quick of late', () => {
    const [quick, slow] = [at('quick'), at('slow')]
    for (let round = 1; round <= 5; round++) {
      observeLatency(quick, 10, round * second)
      observeLatency(slow, 100, round * second)
    }
    expect(lowestLatency([slow, quick], () => 6 * second)(choice)).to.equal(quick)
  })

  it('asks again after a while who has been slow', () => {
    const [quick, slow] = [at('quick'), at('slow')]
    observeLatency(slow, 100, second)
    observeLatency(quick, 10, 60 * second)
    expect(lowestLatency([quick, slow], () => 60 * second)(choice)).to.equal(slow)
  })

  it('takes who is new for an average one, and minds the weights', () => {
    const [known, fresh, heavy] = [at('known'), at('fresh'), at('heavy', 300)]
    observeLatency(known, 50, second)
    expect(lowestLatency([known, fresh, heavy], () => second)(choice)).to.equal(heavy)
    observeLatency(heavy, 300, second)
    expect(lowestLatency([known, heavy], () => second)(choice)).to.equal(known)
  })

  it('tries another target after one has failed', () => {
    const [one, other] = [at('one'), at('other')]
    observeLatency(one, 1, second)
    observeLatency(other, 100, second)
    const next = lowestLatency([one, other], () => second)
    expect(next({ ...choice, failed: new Set([one]) })).to.equal(other)
  })

  // kong/runloop/balancer/latency.lua: "all endpoints have been retried".
  it('asks nobody twice, unless there is only one', () => {
    const [one, other] = [at('one'), at('other')]
    const failed = new Set([one, other])
    expect(lowestLatency([one, other], () => second)({ ...choice, failed })).to.equal(undefined)
    expect(lowestLatency([one], () => second)({ ...choice, failed })).to.equal(one)
  })
})
