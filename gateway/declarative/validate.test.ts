import { expect } from 'chai'
import { readCases, recorded } from '../../test/conformance/cases.ts'
import type { ErrorTree } from './schema.ts'
import { validate } from './validate.ts'

const version = { _format_version: '3.0' }

function errorsOf(document: object): ErrorTree | undefined {
  return validate({ ...version, ...document }).errors
}

function entitiesOf(document: object) {
  const { entities, errors } = validate({ ...version, ...document })
  if (errors) throw new Error(JSON.stringify(errors))
  return entities
}

/** Kong adds where in its router's own language it stands. */
const inOtherWords = new Set(['validation: a regex with look-ahead', "validation: a route's header without values"])

describe('a declared config', () => {
  for (const { name, config, rejects, expect: expected, ...rest } of readCases(recorded)) {
    if (!rejects) continue
    it(`is judged as by Kong: ${name}`, () => {
      const errors = errorsOf(config)
      expect([{ accepted: errors === undefined }]).to.deep.equal(expected)
      if ('kongSaid' in rest && !inOtherWords.has(name)) expect(errors).to.deep.equal(rest.kongSaid)
    })
  }

  it('has no field that JavaScript gives to every object', () => {
    const strange = JSON.parse('{"constructor": 1, "__proto__": {"name": "x"}, "toString": 1}')
    const unknown = { constructor: 'unknown field', ['__proto__']: 'unknown field', toString: 'unknown field' }
    expect(Object.entries(errorsOf(strange) ?? {})).to.have.deep.members(Object.entries(unknown))
    const errors = errorsOf({ services: [{ name: 's', host: 'a.test', ...strange }] }) as { services: ErrorTree[] }
    expect(Object.entries(errors.services[0] ?? {})).to.have.deep.members(Object.entries(unknown))
  })

  it('may be nested or flat, by name or by id', () => {
    const service = { name: 's', url: 'http://a.test' }
    const nested = entitiesOf({ services: [{ ...service, routes: [{ name: 'r', paths: ['/'] }] }] })
    const byName = entitiesOf({ services: [service], routes: [{ name: 'r', paths: ['/'], service: 's' }] })
    const id = byName.services[0]?.id
    const byId = entitiesOf({ services: [service], routes: [{ name: 'r', paths: ['/'], service: { id } }] })
    expect(byName.routes).to.deep.equal(nested.routes)
    expect(byId.routes).to.deep.equal(nested.routes)
  })

  it('keeps the ids of what keeps its name', () => {
    const before = entitiesOf({ services: [{ name: 's', url: 'http://a.test' }], consumers: [{ username: 'c' }] })
    const after = entitiesOf({
      consumers: [{ username: 'c', tags: ['x'] }],
      services: [{ name: 's', url: 'http://b.test' }],
    })
    expect(after.services[0]?.id).to.equal(before.services[0]?.id)
    expect(after.consumers[0]?.id).to.equal(before.consumers[0]?.id)
  })

  it('keeps the ids of what has no name while its content stays', () => {
    const routes = [{ paths: ['/a'] }, { paths: ['/b'] }, { paths: ['/b'] }]
    const ids = entitiesOf({ routes }).routes.map(({ id }) => id)
    expect(new Set(ids).size).to.equal(3)
    expect(
      entitiesOf({ routes: [{ paths: ['/new'] }, ...routes] })
        .routes.slice(1)
        .map(({ id }) => id),
    ).to.deep.equal(ids)
  })

  it('gets the defaults of its schema', () => {
    const [service] = entitiesOf({ services: [{ name: 's', url: 'https://a.test/base?x=1' }] }).services
    expect(service).to.include({
      protocol: 'https',
      host: 'a.test',
      port: 443,
      path: '/base',
      retries: 5,
      tls_verify: null,
    })
    const [upstream] = entitiesOf({ upstreams: [{ name: 'u', healthchecks: { active: { timeout: 2 } } }] }).upstreams
    expect(upstream).to.have.nested.property('healthchecks.active.timeout', 2)
    expect(upstream).to.have.nested.property('healthchecks.active.unhealthy.http_statuses[0]', 429)
  })

  it('lets a secret stand as a reference where the field allows it, and not elsewhere', () => {
    const certificate = { cert: '{vault://env/cert}', key: '{vault://env/key}' }
    expect(errorsOf({ certificates: [certificate] })).to.equal(undefined)
    expect(errorsOf({ services: [{ name: 's', url: '{vault://env/url}' }] })).to.not.equal(undefined)
  })

  it('tells every wrong place at once', () => {
    const errors = errorsOf({
      services: [
        { name: 'a b', port: 'x' },
        { name: 'ok', host: 'h', routes: [{ paths: [5] }] },
      ],
    })
    expect(errors).to.have.nested.property('services[0].host', 'required field missing')
    expect(errors).to.have.nested.property('services[0].port', 'expected an integer')
    expect(errors).to.have.nested.property('services[1].routes[0].paths[0]', 'expected a string')
  })

  it('is judged with 5,000 routes and 5,000 consumers', () => {
    const numbers = Array.from({ length: 5000 }, (_, at) => at)
    const services = numbers.map((at) => ({
      name: `s${at}`,
      url: 'http://a.test',
      routes: [{ name: `r${at}`, paths: [`/${at}`] }],
    }))
    const consumers = numbers.map((at) => ({ username: `c${at}`, keyauth_credentials: [{ key: `k${at}` }] }))
    expect(errorsOf({ services, consumers })).to.equal(undefined)
    expect(errorsOf({ services: [...services, services[0]], consumers })).not.to.equal(undefined)
  }).timeout(10_000)
})
