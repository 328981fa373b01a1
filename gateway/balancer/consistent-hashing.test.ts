import { expect } from 'chai'
import type { Peer } from './peer.ts'
import { balancerOf, exchangeOf, many, type Sent, three } from './rehearsal.ts'

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
