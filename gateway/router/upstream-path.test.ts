import { expect } from 'chai'
import type { Route, Service } from '../entities.ts'
import type { RouteMatch } from '../exchange.ts'
import { forwardedPrefix, upstreamPath } from './upstream-path.ts'

function match(matchedPath: string, strip_path: boolean, servicePath: string | null): RouteMatch {
  return {
    route: { strip_path } as Route,
    service: { path: servicePath } as Service,
    matchedPath,
    captures: {},
    groups: [],
  }
}

describe('upstreamPath', () => {
  const cases: [path: string, matched: string, strip: boolean, service: string | null, upstream: string][] = [
    ['/p/x', '/p', true, null, '/x'],
    ['/p', '/p', true, null, '/'],
    ['/px', '/p', true, null, '/x'],
    ['/p', '/p', true, '/base', '/base'],
    ['/p/', '/p', true, '/base', '/base/'],
    ['/p/x', '/p/', true, '/base', '/base/x'],
    ['/p', '/p', true, '/base/', '/base'],
    ['/p/', '/p', true, '/base/', '/base/'],
    ['/', '/', true, '/base/', '/base/'],
    ['/k/x/', '/k', false, '/base/', '/base/k/x/'],
    ['/', '/', false, '/root', '/root'],
    ['/any', '', true, '/base', '/base/any'],
    ['/p../x', '/p', true, null, '/x'],
    ['/p..', '/p', true, '/base', '/base'],
    ['/p/a b', '/p', true, null, '/a%20b'],
  ]
  for (const [path, matched, strip, service, upstream] of cases) {
    const rule = `${path} by ${matched || 'no path'}, ${strip ? 'stripped' : 'kept'}, to ${service ?? 'no path'}: ${upstream}`
    it(rule, () => expect(upstreamPath(match(matched, strip, service), path)).to.equal(upstream))
  }
})

describe('forwardedPrefix', () => {
  it('is what was stripped', () => expect(forwardedPrefix(match('/p', true, null))).to.equal('/p'))
  it('is not sent where nothing was', () => {
    expect(forwardedPrefix(match('/', true, null))).to.equal(undefined)
    expect(forwardedPrefix(match('', true, null))).to.equal(undefined)
    expect(forwardedPrefix(match('/p', false, null))).to.equal(undefined)
  })
})
