import { expect } from 'chai'
import type { Plugin } from '../plugin.ts'
import { plugins, type RegisteredPlugin } from './registry.ts'
import { entitiesOf, onService, rehearse } from './rehearsal.ts'

/** request-termination tells which of its instances has run. */
const mark = (message: string, scope: object = {}) => ({
  name: 'request-termination',
  config: { status_code: 200, message },
  ...scope,
})

const keyAuth = { name: 'key-auth' }
const consumers = [
  { username: 'ann', keyauth_credentials: [{ key: 'ann-key' }] },
  { username: 'bob', keyauth_credentials: [{ key: 'bob-key' }] },
]
const ann = { headers: { apikey: 'ann-key' } }
const bob = { headers: { apikey: 'bob-key' } }

describe('the runner', () => {
  const ladder: [string, object][] = [
    ['route, service and consumer', { route: 'r', service: 's', consumer: 'ann' }],
    ['route and consumer', { route: 'r', consumer: 'ann' }],
    ['service and consumer', { service: 's', consumer: 'ann' }],
    ['route and service', { route: 'r', service: 's' }],
    ['consumer', { consumer: 'ann' }],
    ['route', { route: 'r' }],
    ['service', { service: 's' }],
    ['global', {}],
  ]
  for (const [at, [name]] of ladder.entries())
    it(`prefers the instance for ${name} to all less specific ones`, async () => {
      const declared = ladder.slice(at).map(([message, scope]) => mark(message, scope))
      const rehearsal = rehearse(onService([keyAuth], { consumers, plugins: declared }))
      expect((await rehearsal.send(ann)).json).to.deep.equal({ message: name })
    })

  it('chooses anew, for the plugins that follow, once a plugin has found the consumer', async () => {
    const rehearsal = rehearse(
      onService([keyAuth], { consumers, plugins: [mark('anybody'), mark('ann', { consumer: 'ann' })] }),
    )
    expect((await rehearsal.send(ann)).json).to.deep.equal({ message: 'ann' })
    expect((await rehearsal.send(bob)).json).to.deep.equal({ message: 'anybody' })
    expect((await rehearsal.send(ann)).json).to.deep.equal({ message: 'ann' })
  })

  it('passes over a disabled instance', async () => {
    const rehearsal = rehearse(onService([mark('service', { enabled: false })], { plugins: [mark('global')] }))
    expect((await rehearsal.send()).json).to.deep.equal({ message: 'global' })
  })

  it("puts what plugins have said before the answer came ahead of the upstream's own lines", async () => {
    const rehearsal = rehearse(onService([{ name: 'rate-limiting', config: { hour: 5 } }]))
    const { headers } = await rehearsal.send({ reply: { headers: { 'ratelimit-limit': '99', 'Set-Cookie': 'a=1' } } })
    expect(headers.getAll('ratelimit-limit')).to.deep.equal(['5', '99'])
    expect(headers.names.at(-1)).to.equal('Set-Cookie')
  })

  it('takes no notice of protocols on http', async () => {
    const rehearsal = rehearse(onService([mark('https', { protocols: ['https'] })]))
    expect((await rehearsal.send()).json).to.deep.equal({ message: 'https' })
  })

  it('runs plugins by priority, whatever their order in the file', async () => {
    const rehearsal = rehearse(onService([mark('last'), keyAuth], { consumers }))
    expect((await rehearsal.send()).status).to.equal(401)
    expect((await rehearsal.send(ann)).json).to.deep.equal({ message: 'last' })
  })

  it('runs header filters of lower plugins on the answer of a higher one', async () => {
    const rehearsal = rehearse(onService([{ name: 'cors' }, keyAuth]))
    const { status, headers } = await rehearsal.send()
    expect(status).to.equal(401)
    expect(headers.get('access-control-allow-origin')).to.equal('*')
  })

  it('runs only filters of global plugins where no route matches', async () => {
    const document = { plugins: [mark('global'), { name: 'cors' }], services: [] }
    const { status, headers } = await rehearse(document).send({ path: '/nowhere' })
    expect(status).to.equal(404)
    expect(headers.get('access-control-allow-origin')).to.equal('*')
  })

  it('answers 500 and says why in the log when a plugin throws, at once or later', async () => {
    for (const access of [
      () => {
        throw new Error('broken')
      },
      () => Promise.reject(new Error('broken')),
    ] satisfies Plugin['access'][]) {
      const errors: string[] = []
      const log = { debug: () => 0, info: () => 0, warn: () => 0, error: (message: string) => errors.push(message) }
      const acl = { ...plugins.acl, handler: { name: 'acl', priority: 950, access } } as RegisteredPlugin
      const document = onService([{ name: 'acl', config: { allow: ['x'] } }])
      const { status, json, upstream } = await rehearse(document, { log, registry: { acl } }).send()
      expect(status).to.equal(500)
      expect(json).to.have.property('message', 'An unexpected error occurred')
      expect(upstream).to.equal(undefined)
      expect(errors).to.deep.equal(['plugin acl failed in access'])
    }
  })

  it('refuses to load a reference that leads nowhere, and names the place', () => {
    const identity = { name: 'trusted-identity', config: { gateway_token: '{vault://env/gateway-token}' } }
    expect(() => rehearse(onService([identity]))).to.throw(
      /plugin trusted-identity \(service s\): config\.gateway_token: .*the environment variable GATEWAY_TOKEN is not set/,
    )
  })

  it('declares every plugin under its own name', () => {
    for (const [name, { handler, schema }] of Object.entries(plugins))
      expect([handler.name, schema.name]).to.deep.equal([name, name])
    expect(entitiesOf({}).plugins).to.deep.equal([])
  })
})
