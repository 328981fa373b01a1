import { expect } from 'chai'
import type { Peer } from './peer.ts'
import { balancerOf, exchangeOf, many, type Sent, three } from './rehearsal.ts'
import { xxhash32 } from './xxhash32.ts'

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

  // kong/runloop/balancer/init.lua asks nginx for the variable `http_<name>`; kong#14118 mends that in 3.10.
  it('finds a header whose name is written with underscores, and none by a name with dashes', () => {
    const spread = (name: string, sent: string) => {
      const { one } = balancerOf('http://backend', { ...three, hash_on: 'header', hash_on_header: name })
      return new Set(many(60, (at) => one({ headers: { [sent]: `value-${at}` } }))).size
    }
    expect(spread('X_Tenant', 'x-tenant')).to.equal(3)
    expect(spread('X-Tenant', 'x-tenant')).to.equal(1)
  })

  it('goes by the path without any escape, as nginx does', () => {
    const { one } = balancerOf('http://backend', { ...three, hash_on: 'path' })
    for (const name of many(20, String)) expect(one({ path: `/a%2F${name}` })).to.equal(one({ path: `/a/${name}` }))
  })

  it('knows a cookie in any letter case, as nginx does', () => {
    const { one } = balancerOf('http://backend', { ...three, hash_on: 'cookie', hash_on_cookie: 'Session' })
    for (const value of many(20, String))
      expect(one({ headers: { cookie: `SESSION=${value}` } })).to.equal(
        one({ headers: { cookie: `session=${value}` } }),
      )
  })

  // spec/02-integration/05-proxy/10-balancer/03-consistent-hashing_spec.lua: "/?hashme" hashes as "true".
  it('takes an argument without a value for true', () => {
    const { one } = balancerOf('http://backend', { ...three, hash_on: 'query_arg', hash_on_query_arg: 'id' })
    expect(one({ query: 'id' }))
      .to.equal(one({ query: 'id=true' }))
      .and.not.to.equal(one({ query: 'id=' }))
  })

  it('goes by headers and arguments as the plugins have left them', () => {
    const { balancer, service, one } = balancerOf('http://backend', {
      ...three,
      hash_on: 'query_arg',
      hash_on_query_arg: 'id',
    })
    for (const id of many(20, String)) {
      const exchange = exchangeOf({ query: 'id=other' })
      exchange.request.query = exchange.upstream.query
      exchange.upstream.query = `id=${id}`
      expect((balancer.peersFor(service, exchange).next() as Peer).host).to.equal(one({ query: `id=${id}` }))
    }
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
    const line = exchange.stickyCookie ?? ''
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

  it('leaves nobody out, however many there are', () => {
    const targets = many(300, (at) => `10.7.${at >> 8}.${at & 255}:81`).map((target) => ({ target }))
    const { one } = balancerOf('http://backend', { targets, hash_on: 'ip' })
    expect(new Set(many(20_000, (at) => one({ ip: `10.3.${at >> 8}.${at & 255}` }))).size).to.equal(300)
  })

  // kong/runloop/balancer/consistent_hashing.lua, afterHostUpdate: `targets_count` is the number of all targets.
  it('gives the others more points where a target has no weight, as Kong does', () => {
    const hosts = ['10.0.0.1', '10.0.0.2']
    const ring: (string | undefined)[] = Array(10_000).fill(undefined)
    for (const host of hosts)
      for (let left = Math.floor(0.5 * 3 * 160), point = 1; left > 0; point++) {
        const at = xxhash32(`${host}::81 ${point}`) % ring.length
        if (ring[at] === undefined) left--
        ring[at] ??= `${host}:81`
      }
    const byRing = (value: string) => {
      for (let at = xxhash32(value) % ring.length; ; at = (at || ring.length) - 1) if (ring[at]) return ring[at]
    }
    const targets = [...hosts.map((host) => ({ target: `${host}:81` })), { target: '10.0.0.3:81', weight: 0 }]
    const { one } = balancerOf('http://backend', { targets, hash_on: 'ip' })
    for (const ip of many(200, (at) => `10.4.0.${at}`)) expect(one({ ip })).to.equal(byRing(ip))
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
