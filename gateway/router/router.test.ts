import { expect } from 'chai'
import { validate } from '../declarative/validate.ts'
import type { RouteMatch } from '../exchange.ts'
import { HeaderList } from '../http1/header-list.ts'
import { normalisePath } from './normalise.ts'
import { createRouter, type Router, type RouterRequest } from './router.ts'

type Declared = Record<string, unknown>

/** The router of these routes, all of one service; each is named by its key. */
function routerOf(routes: Record<string, Declared>, service: Declared = {}): Router {
  const list = Object.entries(routes).map(([name, route]) => ({ name, ...route }))
  const services = [{ name: 's', url: 'http://upstream.test', ...service, routes: list }]
  const { entities, errors } = validate({ _format_version: '3.0', services })
  if (errors) throw new Error(JSON.stringify(errors))
  return createRouter(entities.routes, entities.services)
}

interface Asked extends Partial<Omit<RouterRequest, 'headers' | 'path'>> {
  headers?: Record<string, string | string[]>
}

function matched(router: Router, path: string, { headers = {}, ...request }: Asked = {}): RouteMatch | undefined {
  const list = new HeaderList()
  for (const [name, values] of Object.entries(headers)) for (const value of [values].flat()) list.append(name, value)
  const defaults = { method: 'GET', host: 'gateway.test', port: 8000, scheme: 'http' as const }
  return router.match({ ...defaults, ...request, path: normalisePath(path), headers: list })
}

function nameOf(router: Router, path: string, asked?: Asked): string | null | undefined {
  return matched(router, path, asked)?.route.name
}

describe('the router', () => {
  it('takes a prefix also inside a segment, and says what it took', () => {
    const match = matched(routerOf({ orders: { paths: ['/orders'] } }), '/ordersArchive')
    expect(match?.matchedPath).to.equal('/orders')
  })

  it('prefers the longest prefix', () => {
    const router = routerOf({ short: { paths: ['/api'] }, long: { paths: ['/api/v2'] }, all: { paths: ['/'] } })
    expect(nameOf(router, '/api/v2/users')).to.equal('long')
    expect(nameOf(router, '/api/v1')).to.equal('short')
    expect(nameOf(router, '/else')).to.equal('all')
  })

  it('tries regexes by their priority, and before any plain path', () => {
    const router = routerOf({
      plain: { paths: ['/shop/sale/today'], methods: ['GET'] },
      low: { paths: ['~/shop/.+'], regex_priority: 1 },
      high: { paths: ['~/shop/sale/\\w+$'], regex_priority: 5 },
    })
    expect(nameOf(router, '/shop/sale/today')).to.equal('high')
    expect(nameOf(router, '/shop/sale/today/now')).to.equal('low')
  })

  it('gives the named captures of a regex', () => {
    const router = routerOf({ user: { paths: ['~/users/(?<id>\\d+)/(?P<part>[a-z]+)$'] } })
    const captures = { id: '7', part: 'profile' }
    expect(matched(router, '/users/7/profile')?.captures).to.deep.equal(captures)
  })

  it('compares hosts by case, and a port only where the route names one', () => {
    const router = routerOf({ plain: { hosts: ['a.test'] }, ported: { hosts: ['b.test:9000'] } })
    expect(nameOf(router, '/', { host: 'a.test', port: 1 })).to.equal('plain')
    expect(nameOf(router, '/', { host: 'A.test' })).to.equal(undefined)
    expect(nameOf(router, '/', { host: 'b.test', port: 9000 })).to.equal('ported')
    expect(nameOf(router, '/', { host: 'b.test', port: 9001 })).to.equal(undefined)
  })

  it('takes a wildcard for whole labels at either end, after any plain host', () => {
    const router = routerOf({
      left: { hosts: ['*.shops.test'], paths: ['/'] },
      right: { hosts: ['shop.*'] },
      plain: { hosts: ['vip.shops.test'] },
    })
    expect(nameOf(router, '/', { host: 'a.b.shops.test' })).to.equal('left')
    expect(nameOf(router, '/', { host: 'shop.co.th' })).to.equal('right')
    expect(nameOf(router, '/', { host: 'vip.shops.test' })).to.equal('plain')
    expect(nameOf(router, '/', { host: 'shops.test' })).to.equal(undefined)
  })

  it('takes x_plan for X-Plan, compares values without case, and any of several lines', () => {
    const router = routerOf({ plan: { headers: { 'X-Plan': ['gold', '~*silver-\\d'] } } })
    expect(nameOf(router, '/', { headers: { x_plan: 'GOLD' } })).to.equal('plan')
    expect(nameOf(router, '/', { headers: { 'x-plan': ['none', 'Silver-2'] } })).to.equal('plan')
    expect(nameOf(router, '/', { headers: { 'x-plan': 'golden' } })).to.equal(undefined)
  })

  it('prefers the route with more headers, and the one with more kinds of conditions', () => {
    const one = { headers: { a: ['1'] }, paths: ['/longer'] }
    const router = routerOf({ one, two: { headers: { a: ['1'], b: ['2'] } }, none: { paths: ['/longer/still'] } })
    const headers = { a: '1', b: '2' }
    expect(nameOf(router, '/longer/still', { headers })).to.equal('one')
    expect(nameOf(router, '/other', { headers })).to.equal('two')
    expect(nameOf(router, '/longer/still')).to.equal('none')
  })

  it('asks for a server name only over TLS', () => {
    const router = routerOf({ named: { paths: ['/'], snis: ['a.test', '*.b.test'] } })
    expect(nameOf(router, '/')).to.equal('named')
    expect(nameOf(router, '/', { scheme: 'https', sni: 'x.b.test' })).to.equal('named')
    expect(nameOf(router, '/', { scheme: 'https', sni: 'c.test' })).to.equal(undefined)
  })

  it('decides by the greater id between equal routes', () => {
    const router = routerOf({
      lesser: { id: '11111111-1111-4111-8111-111111111111', paths: ['/tie'] },
      greater: { id: '22222222-2222-4222-8222-222222222222', paths: ['/tie'] },
    })
    expect(nameOf(router, '/tie')).to.equal('greater')
  })

  it('leaves out the routes of a disabled service', () => {
    expect(nameOf(routerOf({ off: { paths: ['/'] } }, { enabled: false }), '/')).to.equal(undefined)
  })

  it('matches paths outside ASCII byte for byte', () => {
    const router = routerOf({ plain: { paths: ['/café'] }, regex: { paths: ['~/ร้าน/(?<name>[^/]+)'] } })
    expect(nameOf(router, '/caf%C3%A9/menu')).to.equal('plain')
    expect(matched(router, '/%E0%B8%A3%E0%B9%89%E0%B8%B2%E0%B8%99/%E0%B8%81')?.captures.name).to.equal('ก')
  })

  it('has no route for a path that is not UTF-8', () => {
    const router = routerOf({ all: { paths: ['/'] } })
    expect(nameOf(router, '/%C3%A9')).to.equal('all')
    expect(nameOf(router, '/%E9')).to.equal(undefined)
  })

  it('finds one among 5,000 routes', () => {
    const list = Array.from({ length: 5000 }, (_, at) => ({ name: `r${at}`, paths: [`/api/resource-${at}`] }))
    const { entities } = validate({ _format_version: '3.0', routes: list })
    const router = createRouter(entities?.routes ?? [], [])
    expect(nameOf(router, '/api/resource-4999/7')).to.equal('r4999')
  }).timeout(10_000)
})
