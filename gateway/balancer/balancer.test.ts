import { expect } from 'chai'
import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import { HeaderList } from '../http1/header-list.ts'
import { type BalancerMemory, createBalancer } from './balancer.ts'
import { createNodeHealth } from './health-checks.ts'
import { createHealthView, type HealthView } from './health-view.ts'
import { NoPeer, type Peer } from './peer.ts'

const addresses: Record<string, string[]> = { 'two.test': ['10.8.0.1', '10.8.0.2'] }
const known = (host: string) => (/^[\d.]+$/.test(host) ? [host] : (addresses[host] ?? ['10.9.9.9']))
const resolver = {
  known,
  resolve: (host: string) => (host === 'gone.test' ? Promise.reject(new Error('nowhere')) : known(host)),
}

function declare(url: string, upstream: object | undefined): Entities {
  const upstreams = upstream ? [{ name: 'backend', ...upstream }] : []
  const { entities, errors } = validate({ _format_version: '3.0', services: [{ name: 'one', url }], upstreams })
  if (!entities) throw new Error(JSON.stringify(errors))
  return entities
}

const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing }

function nothing(): void {
  // Tests look at what is chosen.
}

interface Sent {
  headers?: Record<string, string | string[]>
  query?: string
  path?: string
  ip?: string
  consumer?: string
  captures?: Record<string, string>
}

function exchangeOf({ headers = {}, query, path = '/', ip = '10.1.1.1', consumer, captures = {} }: Sent = {}) {
  const list = new HeaderList()
  for (const [name, value] of Object.entries(headers)) for (const line of [value].flat()) list.append(name, line)
  const exchange: Partial<Exchange> = {
    request: { headers: list, query, path } as Exchange['request'],
    client: { ip, port: 1 },
    consumer: consumer === undefined ? undefined : ({ id: consumer } as Exchange['consumer']),
    match: { captures } as Exchange['match'],
  }
  return exchange as Exchange
}

/** A balancer with the health of its targets, as a worker and its node have them. */
function balancerOf(url: string, upstream?: object, memory: BalancerMemory = new Map()) {
  const entities = declare(url, upstream)
  const view: HealthView = createHealthView((report) => health.report(report))
  const health = createNodeHealth({ resolver, log: quiet, onChange: (notice) => view.take(notice) })
  health.load(entities)
  const balancer = createBalancer({ entities, certificates: new Map(), resolver, health: view, memory })
  const service = entities.services[0] as Entities['services'][0]
  const peers = (sent?: Sent) => balancer.peersFor(service, exchangeOf(sent))
  /** The target of a request of which no more is known. */
  const one = (sent?: Sent) => (peers(sent).next() as Peer).host
  const answered = (status: number) => {
    const course = peers()
    const { host } = course.next() as Peer
    course.ended(status)
    return host
  }
  return { peers, one, answered, health, balancer, service }
}

const three = { targets: ['10.0.0.1:81', '10.0.0.2:81', '10.0.0.3:81'].map((target) => ({ target })) }
const many = (times: number, what: (at: number) => string) => Array.from({ length: times }, (_, at) => what(at))

describe('choosing a peer', () => {
  it('goes to the host of the service', () => {
    expect(balancerOf('http://shop.test:8080').peers().next()).to.include({
      ip: '10.9.9.9',
      port: 8080,
      host: 'shop.test:8080',
      tls: undefined,
    })
  })

  it('leaves a default port out of the Host header', () => {
    expect(balancerOf('http://shop.test').peers().next()).to.include({ port: 80, host: 'shop.test' })
    expect(balancerOf('https://shop.test').peers().next()).to.include({ port: 443, host: 'shop.test' })
    expect(balancerOf('http://shop.test:443').peers().next()).to.include({ host: 'shop.test:443' })
  })

  it('names the host for TLS, but never an address', () => {
    expect((balancerOf('https://shop.test').peers().next() as Peer).tls).to.include({ servername: 'shop.test' })
    expect((balancerOf('https://10.0.0.1').peers().next() as Peer).tls).to.include({ servername: '' })
  })

  it('takes the targets of an upstream of that name in turn, whatever the port of the service', () => {
    const { one } = balancerOf('http://backend:1234', { targets: [{ target: '10.0.0.1:81' }, { target: '10.0.0.2' }] })
    expect(many(3, () => one())).to.deep.equal(['10.0.0.1:81', '10.0.0.2:8000', '10.0.0.1:81'])
  })

  it('says the host_header of an upstream instead of the target', () => {
    const { peers } = balancerOf('http://backend', { host_header: 'inner.test', targets: [{ target: '10.0.0.1:81' }] })
    expect(peers().next()).to.include({ ip: '10.0.0.1', host: 'inner.test:81' })
  })

  it('finds nobody where no target has weight', () => {
    for (const targets of [[], [{ target: '10.0.0.1:81', weight: 0 }]])
      expect(() => balancerOf('http://backend', { targets }).peers().next()).to.throw(
        NoPeer,
        'failure to get a peer from the ring-balancer',
      )
  })

  it('passes over a target whose name leads nowhere', async () => {
    const { peers } = balancerOf('http://backend', { targets: [{ target: 'gone.test:81' }, { target: '10.0.0.1:81' }] })
    expect(await peers().next()).to.include({ ip: '10.0.0.1' })
    expect(await Promise.resolve(peers().next())).to.include({ ip: '10.0.0.1' })
  })

  it('finds nobody where all names lead nowhere', async () => {
    const { peers } = balancerOf('http://backend', { targets: [{ target: 'gone.test:81' }] })
    const failure = await Promise.resolve(peers().next()).catch((error: Error) => error)
    expect(failure).to.be.instanceOf(NoPeer).and.include({ status: 503 })
  })

  it('goes on in turn after a reload', () => {
    const memory: BalancerMemory = new Map()
    expect(balancerOf('http://backend', three, memory).one()).to.equal('10.0.0.1:81')
    expect(balancerOf('http://backend', three, memory).one()).to.equal('10.0.0.2:81')
  })
})

describe('consistent hashing', () => {
  const keys: [string, object, (value: string) => Sent][] = [
    ['header', { hash_on: 'header', hash_on_header: 'Tenant' }, (value) => ({ headers: { tenant: value } })],
    [
      'cookie',
      { hash_on: 'cookie', hash_on_cookie: 'lb' },
      (value) => ({ headers: { cookie: `a=1; lb=${value}; c=2` } }),
    ],
    ['query_arg', { hash_on: 'query_arg', hash_on_query_arg: 'id' }, (value) => ({ query: `x=1&id=${value}` })],
    ['path', { hash_on: 'path' }, (value) => ({ path: `/${value}` })],
    ['ip', { hash_on: 'ip' }, (value) => ({ ip: value })],
    ['consumer', { hash_on: 'consumer' }, (value) => ({ consumer: value })],
    ['uri_capture', { hash_on: 'uri_capture', hash_on_uri_capture: 'id' }, (value) => ({ captures: { id: value } })],
  ]
  for (const [key, upstream, sentWith] of keys)
    it(`leads the same ${key} to the same target, and different ones to all`, () => {
      const { one } = balancerOf('http://backend', { ...three, ...upstream })
      const first = many(60, (at) => one(sentWith(`value-${at}`)))
      expect(many(60, (at) => one(sentWith(`value-${at}`)))).to.deep.equal(first)
      expect(new Set(first).size).to.equal(3)
    })

  it('goes by the fallback where there is no value, and one way for all where there is none either', () => {
    const byHeader = { ...three, hash_on: 'header', hash_on_header: 'tenant' }
    const spread = (upstream: object) => {
      const { one } = balancerOf('http://backend', upstream)
      return new Set(many(60, (at) => one({ ip: `10.2.0.${at}` }))).size
    }
    expect(spread({ ...byHeader, hash_fallback: 'ip' })).to.equal(3)
    expect(spread(byHeader)).to.equal(1)
  })

  it('takes repeated arguments in any order for one value', () => {
    const { one } = balancerOf('http://backend', { ...three, hash_on: 'query_arg', hash_on_query_arg: 'id' })
    for (let at = 0; at < 20; at++) expect(one({ query: `id=${at}&id=b` })).to.equal(one({ query: `id=b&id=${at}` }))
  })

  it('gives a client without the cookie one, and leads it back', () => {
    const { balancer, service, one } = balancerOf('http://backend', {
      ...three,
      hash_on: 'cookie',
      hash_on_cookie: 'lb',
      hash_on_cookie_path: '/up',
    })
    const exchange = exchangeOf()
    const { host } = balancer.peersFor(service, exchange).next() as Peer
    const line = exchange.answerHeaders?.get('set-cookie') ?? ''
    const [, value] = /^lb=([0-9a-f-]{36}); Path=\/up; Same-Site=Lax; HttpOnly$/.exec(line) ?? []
    expect(one({ headers: { cookie: `lb=${value}` } })).to.equal(host)
  })

  it('moves only the keys of a target that goes away', () => {
    const upstream = { ...three, hash_on: 'header', hash_on_header: 'tenant' }
    const sent = (at: number) => ({ headers: { tenant: `t${at}` } })
    const all = balancerOf('http://backend', upstream)
    const two = balancerOf('http://backend', { ...upstream, targets: three.targets.slice(0, 2) })
    for (let at = 0; at < 200; at++) {
      const before = all.one(sent(at))
      if (before !== '10.0.0.3:81') expect(two.one(sent(at)), `key ${at}`).to.equal(before)
    }
  })

  it('gives every target its share by weight', () => {
    const targets = [
      { target: '10.0.0.1:81', weight: 300 },
      { target: '10.0.0.2:81', weight: 100 },
    ]
    const { one } = balancerOf('http://backend', { targets, hash_on: 'ip' })
    const heavy = many(4000, (at) => one({ ip: `10.${at >> 8}.${at & 255}.7` })).filter(
      (host) => host === '10.0.0.1:81',
    )
    expect(heavy.length).to.be.within(2500, 3500)
  })
})

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
    const memory: BalancerMemory = new Map()
    const first = balancerOf('http://backend', upstream, memory).one()
    expect(balancerOf('http://backend', upstream, memory).one()).not.to.equal(first)
  })
})

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

  it('blame nobody for a kept connection that was dead', () => {
    const { peers, one } = balancerOf('http://backend', checks({ unhealthy: { tcp_failures: 1 } }))
    const course = peers()
    course.next()
    course.failed('stale')
    expect(many(3, () => one())).to.include('10.0.0.1:81')
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

  it('ask nobody when no more than the threshold is available', () => {
    const { peers, one } = balancerOf('http://backend', checks({ unhealthy: { tcp_failures: 1 } }, 70))
    const course = peers()
    course.next()
    course.failed('failure')
    expect(() => one()).to.throw(NoPeer)
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
    health.load(declare('http://backend', { ...upstream, tags: ['changed'] }))
    expect((await health.targets()).map(({ health }) => health)).to.deep.equal(['UNHEALTHY', 'HEALTHY', 'HEALTHY'])
    health.load(declare('http://backend', three))
    expect((await health.targets()).map(({ health }) => health)).to.deep.equal(Array(3).fill('HEALTHCHECKS_OFF'))
    expect(many(3, () => one())).to.include('10.0.0.1:81')
  })
})
