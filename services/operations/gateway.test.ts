import { expect } from 'chai'
import { type GatewayProcess, startGateway } from '../../test/conformance/gateway-process.ts'
import { ADMIN_TOKEN, type Operations, runOperations } from '../../test/support/operations.ts'
import type { PluginInForce } from './plugins-in-force.ts'

interface Gateway {
  node: { version: string }
  services: { name: string; url: string }[]
  routes: { name: string; service: string; paths: string[]; plugins: PluginInForce[] }[]
}

const SECRET = 'nobody is to see this'
const limit = (minute: number, more = {}) => ({ name: 'rate-limiting', config: { minute }, ...more })

const document = {
  _format_version: '3.0',
  plugins: [
    limit(300),
    { name: 'http-log', config: { http_endpoint: 'http://127.0.0.1:9', headers: { authorization: SECRET } } },
  ],
  services: [
    {
      name: 'shop',
      url: 'http://127.0.0.1:9/base',
      plugins: [limit(60)],
      routes: [
        { name: 'narrow', paths: ['/narrow'], plugins: [limit(5), { name: 'key-auth' }] },
        { name: 'off', paths: ['/off'], plugins: [limit(1, { enabled: false })] },
      ],
    },
    { name: 'other', url: 'http://127.0.0.1:9', routes: [{ name: 'wide', paths: ['/wide'], methods: ['GET'] }] },
  ],
  consumers: [
    { username: 'acme', keyauth_credentials: [{ key: SECRET }], plugins: [limit(7)] },
    { username: 'nobody' },
  ],
}

describe('the gateway as operations shows it', () => {
  let gateway: GatewayProcess
  let operations: Operations

  before(async function () {
    this.timeout(60_000)
    gateway = await startGateway({ ADMIN_TOKEN })
    const url = `http://127.0.0.1:${gateway.admin.port}`
    const headers = { 'content-type': 'application/json', 'kong-admin-token': ADMIN_TOKEN }
    const answer = await fetch(`${url}/config`, { method: 'POST', headers, body: JSON.stringify(document) })
    expect(answer.status, await answer.text()).to.equal(201)
    operations = await runOperations({ admin: url })
  })
  after(async () => {
    await operations?.stop()
    await gateway?.stop()
  })

  const routeNamed = async (name: string) => {
    const { body } = await operations.ask<Gateway>('gateway')
    return body.data.routes.find((route) => route.name === name)
  }
  const limitOn = async (name: string) =>
    (await routeNamed(name))?.plugins.find((plugin) => plugin.name === 'rate-limiting' && !plugin.consumer)

  it('has its services and routes, by name', async () => {
    const { data } = (await operations.ask<Gateway>('gateway')).body
    expect(data.node.version).to.match(/^3\.9/)
    expect(data.services.map(({ name, url }) => [name, url])).to.deep.equal([
      ['other', 'http://127.0.0.1:9'],
      ['shop', 'http://127.0.0.1:9/base'],
    ])
    expect(data.routes.map(({ name, service }) => [name, service])).to.deep.equal([
      ['narrow', 'shop'],
      ['off', 'shop'],
      ['wide', 'other'],
    ])
  })

  it('of one plugin has the declaration closest to the route in force, and no other', async () => {
    expect(await limitOn('narrow'))
      .to.deep.include({ scope: 'route' })
      .and.nested.include({ 'settings.minute': 5 })
    expect(await limitOn('wide'))
      .to.deep.include({ scope: 'global' })
      .and.nested.include({ 'settings.minute': 300 })
  })

  it('takes a plugin that is switched off for absent', async () => {
    expect(await limitOn('off'))
      .to.deep.include({ scope: 'service' })
      .and.nested.include({ 'settings.minute': 60 })
  })

  it('says which plugins are for one consumer only', async () => {
    const own = (await routeNamed('wide'))?.plugins.find(({ consumer }) => consumer)
    expect(own?.settings).to.include({ minute: 7 })
  })

  it('has the plugins in the order in which they run', async () => {
    const names = (await routeNamed('narrow'))?.plugins.map(({ name }) => name)
    expect(names?.indexOf('key-auth')).to.be.lessThan(names?.indexOf('rate-limiting') ?? -1)
  })

  it('keeps its secrets', async () => {
    const { body } = await operations.ask('gateway')
    expect(JSON.stringify(body)).to.include('http-log').and.not.include(SECRET)
  })
})

describe('a gateway that does not answer', () => {
  it('is a 503, and does not make operations unready', async () => {
    const operations = await runOperations()
    try {
      for (const path of ['gateway', 'partners']) {
        const { status, body } = await operations.ask(path)
        expect([status, body.code]).to.deep.equal([503, 'UNAVAILABLE'])
      }
      expect((await operations.call('/ready')).status).to.equal(200)
    } finally {
      await operations.stop()
    }
  })
})
