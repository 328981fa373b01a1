import { expect } from 'chai'
import fc from 'fast-check'
import { validate } from '../declarative/validate.ts'
import { HeaderList } from '../http1/header-list.ts'
import type { Candidate } from './candidate.ts'
import type { RouterRequest } from './conditions.ts'
import { createRouter, sortedCandidates } from './router.ts'

/** What the router must equal: every candidate in order, every condition asked, no index. */
function firstMatch(candidates: Candidate[], request: RouterRequest): string | undefined {
  return candidates.find((one) => hostFits(one, request) && pathFits(one, request) && one.accepts(request))?.route.id
}

function hostFits({ hosts }: Candidate, { host = '', port }: RouterRequest): boolean {
  if (hosts === undefined) return true
  return hosts.some((wanted) => {
    if (wanted.port !== undefined && wanted.port !== port) return false
    if (wanted.host.startsWith('*')) return host.endsWith(wanted.host.slice(1))
    if (wanted.host.endsWith('*')) return host.startsWith(wanted.host.slice(0, -1))
    return host === wanted.host
  })
}

function pathFits({ prefixes, regexes }: Candidate, { path }: RouterRequest): boolean {
  if (prefixes) return prefixes.some((prefix) => path.startsWith(prefix))
  return regexes?.some((regex) => regex.exec(path) !== undefined) ?? true
}

const segment = fc.constantFrom('', 'a', 'b', 'ab', 'abc', '12', 'a.b')
const plainPath = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.filter(Boolean).join('/')}`)
const regexPath = fc.constantFrom(
  ...['~/a', '~/a/\\d+', '~/ab?', '~/(a|b)/x', '~/a|/b', '~/a\\.b', '~/[ab]+$', '~/ab*/12', '~/(?<n>\\w+)'],
)
const host = fc.constantFrom('a.test', 'b.a.test', 'a.test:1', '*.a.test', '*.test', 'a.*', 'b.a.*', '*.test:2')
const method = fc.constantFrom('GET', 'POST')
const some = <Value>(one: fc.Arbitrary<Value>) =>
  fc.option(fc.array(one, { minLength: 1, maxLength: 3 }), { nil: undefined })
const headerSet = fc.constantFrom(undefined, { 'x-a': ['1'] }, { 'x-a': ['2'], 'X-B': ['~*^b'] })

const route = fc
  .record({
    paths: some(
      fc.oneof(
        plainPath,
        regexPath.filter((path) => path.startsWith('~/')),
      ),
    ),
    hosts: some(host),
    methods: some(method),
    headers: headerSet,
    regex_priority: fc.constantFrom(0, 1, 5),
  })
  .filter(({ paths, hosts, methods, headers }) => Boolean(paths || hosts || methods || headers))

const request = fc.record({
  method,
  path: plainPath,
  host: fc.constantFrom('a.test', 'b.a.test', 'test', 'a.b', 'x.b.a.test', 'b.a.c', undefined),
  port: fc.constantFrom(1, 2, 3),
  headers: fc.constantFrom<[string, string][]>(
    [],
    [['X-A', '1']],
    [
      ['x_a', '2'],
      ['x-b', 'Bee'],
    ],
  ),
})

describe('the router, with any routes', () => {
  it('finds what a search through all routes finds', () => {
    fc.assert(
      fc.property(
        fc.array(route, { maxLength: 12 }),
        fc.array(request, { minLength: 1, maxLength: 8 }),
        (routes, requests) => {
          const { entities } = validate({ _format_version: '3.0', routes })
          if (!entities) throw new Error('the routes must be sound')
          const router = createRouter(entities.routes, [])
          const candidates = sortedCandidates(entities.routes, [])
          for (const { headers, ...rest } of requests) {
            const list = new HeaderList()
            for (const [name, value] of headers) list.append(name, value)
            const asked: RouterRequest = { ...rest, headers: list, scheme: 'http' }
            expect(router.match(asked)?.route.id).to.equal(firstMatch(candidates, asked))
          }
        },
      ),
      { seed: 20250101, numRuns: 400 },
    )
  }).timeout(20_000)
})
