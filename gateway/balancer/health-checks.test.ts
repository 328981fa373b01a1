import { expect } from 'chai'
import { NoPeer, type Peer } from './peer.ts'
import { balancerOf, declare, many, three } from './rehearsal.ts'

describe('passive health checks', () => {
  const checks = (passive: object, threshold = 0) => ({ ...three, healthchecks: { passive, threshold } })

  it('take a target out after as many bad answers as are allowed, and never before', () => {
    const { peers, one } = balancerOf(
      'http://backend',
      checks({ unhealthy: { http_failures: 2, http_statuses: [500] } }),
    )
    for (let at = 0; at < 6; at++) {
      const course = peers()
      course.ended((course.next() as Peer).host === '10.0.0.2:81' ? 500 : 200)
    }
    expect(new Set(many(6, () => one()))).to.deep.equal(new Set(['10.0.0.1:81', '10.0.0.3:81']))
  })

  it('count failed tries and time-outs for themselves', () => {
    for (const [how, limit] of [
      ['refused', 'tcp_failures'],
      ['failure', 'tcp_failures'],
      ['timeout', 'timeouts'],
    ] as const) {
      const { peers, one } = balancerOf('http://backend', checks({ unhealthy: { [limit]: 1 } }))
      const course = peers()
      course.next()
      course.failed(how)
      expect(
        many(4, () => one()),
        limit,
      ).not.to.include('10.0.0.1:81')
    }
  })

  // Kong 3.9.1 with one dead target, `tcp_failures: 3` and five retries answers 502 at first, and 503 from then on.
  it('let a request that is refused use up its tries where nobody else is left, and no later one', () => {
    const only = { targets: [{ target: '10.0.0.1:81' }] }
    const { peers, one } = balancerOf('http://backend', {
      ...only,
      healthchecks: { passive: { unhealthy: { tcp_failures: 1 } } },
    })
    const course = peers()
    for (let at = 0; at < 5; at++) {
      expect(course.next()).to.include({ host: '10.0.0.1:81' })
      course.failed('refused')
    }
    expect(() => one()).to.throw(NoPeer)
    course.next()
    course.failed('failure')
    expect(() => course.next()).to.throw(NoPeer)
  })

  it('forgive failures at a success, if successes are counted', () => {
    const unhealthy = { http_failures: 2, http_statuses: [500] }
    const only = { targets: [{ target: '10.0.0.1:81' }] }
    const forgiving = balancerOf('http://backend', {
      ...only,
      healthchecks: { passive: { unhealthy, healthy: { successes: 1 } } },
    })
    for (const status of [500, 200, 500, 200]) forgiving.answered(status)
    expect(forgiving.one()).to.equal('10.0.0.1:81')
    const strict = balancerOf('http://backend', { ...only, healthchecks: { passive: { unhealthy } } })
    for (const status of [500, 200, 500]) strict.answered(status)
    expect(() => strict.one()).to.throw(NoPeer)
  })

  for (const algorithm of ['round-robin', 'least-connections', 'consistent-hashing', 'latency'])
    it(`ask nobody when no more than the threshold is available, with ${algorithm}`, () => {
      const upstream = { ...checks({ unhealthy: { tcp_failures: 1 } }, 66), algorithm, hash_on: 'ip' }
      const { peers, one } = balancerOf('http://backend', upstream)
      const fail = () => {
        const course = peers()
        course.next()
        course.failed('failure')
      }
      fail()
      expect(one()).to.match(/^10/)
      fail()
      expect(() => one()).to.throw(NoPeer, 'failure to get a peer from the ring-balancer')
    })

  it('can be overruled by hand, for a target or for one address of it, until they find otherwise', async () => {
    const passive = { unhealthy: { tcp_failures: 1 }, healthy: { successes: 1 } }
    const { peers, answered, health } = balancerOf('http://backend', {
      targets: [{ target: 'two.test:81' }],
      healthchecks: { passive },
    })
    const target = { upstream: 'backend', target: 'two.test:81' }
    await health.set({ ...target, ip: '10.8.0.1', port: 81 }, 'unhealthy')
    expect(new Set(many(4, () => (peers().next() as Peer).ip))).to.deep.equal(new Set(['10.8.0.2']))
    await health.set(target, 'unhealthy')
    expect(() => peers().next()).to.throw(NoPeer)
    await health.set(target, 'healthy')
    expect(new Set(many(4, () => (peers().next() as Peer).ip)).size).to.equal(2)
    await health.set({ ...target, ip: '10.8.0.1', port: 82 }, 'unhealthy')
    answered(200)
    expect((await health.status())[0]?.targets[0]?.health).to.equal('HEALTHY')
  })

  it('take out one address of a name without the others', () => {
    const { peers } = balancerOf('http://backend', {
      targets: [{ target: 'two.test:81' }],
      healthchecks: { passive: { unhealthy: { tcp_failures: 1 } } },
    })
    const course = peers()
    const { ip: dead } = course.next() as Peer
    course.failed('failure')
    expect(new Set(many(4, () => (peers().next() as Peer).ip))).to.deep.equal(
      new Set(['10.8.0.1', '10.8.0.2'].filter((ip) => ip !== dead)),
    )
  })

  it('keep what they know over a reload, and forget it when the checks go', async () => {
    const upstream = checks({ unhealthy: { tcp_failures: 1 } })
    const { peers, one, health } = balancerOf('http://backend', upstream)
    const course = peers()
    course.next()
    course.failed('failure')
    health.load(declare('http://backend', { ...upstream, tags: ['changed'] }), new Map())
    const conditions = async () => (await health.status())[0]?.targets.map(({ health }) => health)
    expect(await conditions()).to.deep.equal(['UNHEALTHY', 'HEALTHY', 'HEALTHY'])
    health.load(declare('http://backend', three), new Map())
    expect(await conditions()).to.deep.equal(Array(3).fill('HEALTHCHECKS_OFF'))
    expect(many(3, () => one())).to.include('10.0.0.1:81')
  })
})
