import { expect } from 'chai'
import fc from 'fast-check'
import { validate } from '../declarative/validate.ts'
import { HeaderList } from '../http1/header-list.ts'
import { normalisePath } from './normalise.ts'
import { type PlainRequest, referenceMatch } from './reference-matcher.ts'
import { createRouter, type Router } from './router.ts'

const segment = fc.constantFrom('', 'a', 'b', 'ab', 'abc', '12', 'a.b', 'é', 'ab%2Fc')
const plainPath = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.filter(Boolean).join('/')}`)
const regexPath = fc.constantFrom(
  ...['~/a', '~/a/\\d+', '~/ab?', '~/(a|b)/x', '~/a\\.b', '~/[ab]+$', '~/ab*/12', '~/(?<n>\\w+)', '~/a/|/b', '~/.*c'],
)
const host = fc.constantFrom(
  ...['a.test', 'b.a.test', 'a.test:1', 'b.a.test:2', '*.a.test', '*.test', 'a.*', 'b.a.*', '*.test:2'],
)
const sni = fc.constantFrom('a.test', 'a.test.', '*.test', 'a.*', '*.a.test')
const list = <Value>(one: fc.Arbitrary<Value>, maxLength = 3) =>
  fc.option(fc.array(one, { minLength: 1, maxLength }), { nil: undefined })
const headerSets = [{ 'x-a': ['1'] }, { 'x-a': ['2', '1'] }, { 'x-a': ['2'], 'X-B': ['~*^b'] }, { X_B: ['~*e$', '1'] }]

const declared = fc
  .record({
    paths: list(fc.oneof(plainPath, regexPath), 4),
    hosts: fc.oneof({ weight: 5, arbitrary: list(host) }, fc.constant([])),
    methods: list(fc.constantFrom('GET', 'POST')),
    headers: fc.constantFrom(undefined, undefined, ...headerSets),
    snis: list(sni),
    // Greater ones reach into what headers count for.
    regex_priority: fc.constantFrom(0, 1),
    protocols: fc.constantFrom(['http', 'https'], ['https']),
  })
  .filter(({ paths, methods, headers, hosts }) => Boolean(paths || methods || headers || hosts?.length))

const stream = fc.constant({ protocols: ['tcp'], destinations: [{ port: 1 }] })
const grpc = fc.record({ hosts: fc.array(host, { minLength: 1, maxLength: 2 }), paths: list(plainPath) })
const route = fc.oneof(
  { weight: 10, arbitrary: declared },
  stream,
  grpc.map((one) => ({ ...one, protocols: ['grpc'] })),
)

/** As clients may write them: encoded, with dots and doubled slashes. */
const written = fc.constantFrom(
  ...['', 'a', 'b', 'ab', 'abc', '12', 'a.b', '.', '..', '%61', 'a%2Eb', '%2e%2E', '%C3%A9', 'ab%2fc', 'x'],
)
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  path: fc.array(written, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
  host: fc.constantFrom('a.test', 'b.a.test', 'test', 'a.b', 'x.b.a.test', 'b.a.c', '.test', 'A.test', undefined),
  port: fc.constantFrom(1, 2, 3),
  scheme: fc.constantFrom<'http' | 'https'>('http', 'https'),
  sni: fc.constantFrom('a.test', 'b.test', 'a.b', 'x.a.test', undefined),
  headers: fc.array(fc.tuple(fc.constantFrom('X-A', 'x_a', 'x-b', 'X_B'), fc.constantFrom('1', '2', 'Bee', 'c')), {
    maxLength: 3,
  }),
})

function routesOf(list: object[]) {
  const routes = list.map((one, at) => ({ name: `r${at}`, ...one }))
  const { entities, errors } = validate({ _format_version: '3.0', routes })
  if (errors) throw new Error(JSON.stringify(errors))
  return entities.routes
}

function found(router: Router, { headers, ...rest }: PlainRequest): ReturnType<typeof referenceMatch> {
  const fields = new HeaderList()
  for (const [name, value] of headers) fields.append(name, value)
  const match = router.match({ ...rest, headers: fields })
  return match && { name: String(match.route.name), took: match.matchedPath }
}

describe('the router, with any routes', () => {
  it('finds what the rules say, and takes as much of the path', () => {
    const anything = fc.tuple(fc.array(route, { maxLength: 12 }), fc.array(request, { minLength: 1, maxLength: 12 }))
    fc.assert(
      fc.property(anything, ([declared, requests]) => {
        const routes = routesOf(declared)
        const router = createRouter(routes, [])
        for (const one of requests) {
          const asked = { ...one, path: normalisePath(one.path) }
          expect(found(router, asked), JSON.stringify(asked)).to.deep.equal(referenceMatch(routes, asked))
        }
      }),
      { seed: 20250101, numRuns: 600 },
    )
  }).timeout(60_000)

  it('tries regexes in the order of their priorities', () => {
    const prioritised = fc.record({
      paths: fc.array(regexPath, { minLength: 1 }),
      regex_priority: fc.nat({ max: 500 }),
    })
    fc.assert(
      fc.property(fc.array(prioritised, { minLength: 1, maxLength: 8 }), request, (declared, asked) => {
        const routes = routesOf(declared)
        const plain = { ...asked, path: normalisePath(asked.path) }
        expect(found(createRouter(routes, []), plain)).to.deep.equal(referenceMatch(routes, plain))
      }),
      { seed: 20250101, numRuns: 300 },
    )
  })
})
