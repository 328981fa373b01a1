import { expect } from 'chai'
import { type AdminRehearsal, entitiesOf, rehearseAdmin } from './rehearsal.ts'

const declared = {
  services: [
    { name: 'shop', url: 'http://a.test', tags: ['x', 'y'], routes: [{ name: 'cart', paths: ['/cart'] }] },
    { name: 'users', url: 'http://b.test', tags: ['x'] },
  ],
  consumers: [{ username: 'acme', custom_id: 'c-1', keyauth_credentials: [{ key: 'k-1' }] }],
  basicauth_credentials: [{ consumer: 'acme', username: 'u', password: 'p' }],
}

describe('the Admin API', () => {
  let admin: AdminRehearsal

  beforeEach(async () => {
    admin = await rehearseAdmin(declared)
  })
  afterEach(() => admin.close())

  const call: AdminRehearsal['call'] = (...request) => admin.call(...request)

  async function names(path: string): Promise<unknown> {
    const { body } = await call('GET', path)
    return body.data.map((one: Record<string, unknown>) => one.name ?? one.username ?? one.key).sort()
  }

  it('lists a collection, also what belongs to one entity', async () => {
    expect(await names('/services')).to.deep.equal(['shop', 'users'])
    expect(await names('/services/shop/routes')).to.deep.equal(['cart'])
    expect(await names('/consumers/acme/key-auth')).to.deep.equal(['k-1'])
    expect(await names('/key-auths')).to.deep.equal(['k-1'])
    expect(await names('/consumers?custom_id=c-1')).to.deep.equal(['acme'])
  })

  it('gives one entity by name, by id, and through what refers to it', async () => {
    const [shop] = admin.controlPlane.entities().services
    for (const path of ['/services/shop', `/services/${shop?.id}`, '/routes/cart/service']) {
      expect(await call('GET', path)).to.deep.equal({ status: 200, body: shop })
    }
  })

  it('pages through a list', async () => {
    const first = await call('GET', '/services?size=1')
    const second = await call('GET', first.body.next)
    expect([...first.body.data, ...second.body.data].map(({ name }) => name).sort()).to.deep.equal(['shop', 'users'])
    expect(second.body.next).to.equal(null)
  })

  it('refuses a size and an offset that are none', async () => {
    const size = { code: 9, message: 'size must be an integer between 1 and 1000', name: 'invalid size' }
    expect(await call('GET', '/services?size=0')).to.deep.equal({ status: 400, body: size })
    expect((await call('GET', '/services?size=many')).body.message).to.equal('size must be a number')
    const offset = { code: 7, message: "'xyz' is not a valid offset: bad json encoding", name: 'invalid offset' }
    expect(await call('GET', '/services?offset=xyz')).to.deep.equal({ status: 400, body: offset })
  })

  it('filters by all of several tags, or by any', async () => {
    expect(await names('/services?tags=x,y')).to.deep.equal(['shop'])
    expect(await names('/services?tags=y/none')).to.deep.equal(['shop'])
    expect((await call('GET', '/tags/y')).body.data).to.have.length(1)
    expect((await call('GET', '/services?tags=')).body.options).to.deep.equal({ tags: 'cannot be null' })
  })

  it('answers 404 for what there is not, 405 for what cannot be done', async () => {
    for (const path of [
      '/nothing',
      '/services/none',
      '/services/none/routes',
      '/services/shop/nothing',
      '/services/a/b/c/d',
    ]) {
      expect(await call('GET', path), path).to.deep.equal({ status: 404, body: { message: 'Not found' } })
    }
    expect(await call('PATCH', '/services', '{}')).to.deep.equal({
      status: 405,
      body: { message: 'Method not allowed' },
    })
  })

  it('gives schemas and names those that it does not have', async () => {
    expect((await call('GET', '/schemas/routes')).body).to.have.keys('fields', 'entity_checks')
    expect((await call('GET', '/schemas/plugins/key-auth')).status).to.equal(200)
    expect((await call('GET', '/schemas/none')).body.message).to.equal("No entity named 'none'")
    expect((await call('GET', '/schemas/plugins/none')).body.message).to.equal("No plugin named 'none'")
  })

  it('tells what the node is and how it is', async () => {
    expect((await call('GET', '/')).body.configuration.router_flavor).to.equal('traditional_compatible')
    expect((await call('GET', '/status')).body.configuration_hash).to.equal(admin.controlPlane.configHash())
    expect(await call('GET', '/metrics')).to.deep.equal({ status: 200, body: 'kong_up 1\n' })
  })

  it('tells what can be done, without doing it', async () => {
    const able = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${admin.port}${path}`, { method: 'OPTIONS' })
      return [response.status, response.headers.get('allow'), await response.text()]
    }
    expect(await able('/services')).to.deep.equal([204, 'GET, HEAD, OPTIONS, POST', ''])
    expect(await able('/services/none')).to.deep.equal([204, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT', ''])
    expect(await able('/status')).to.deep.equal([204, 'GET, HEAD, OPTIONS', ''])
    expect((await able('/nowhere'))[0]).to.equal(404)
  })

  it('answers HEAD without a body', async () => {
    expect(await call('HEAD', '/services')).to.deep.equal({ status: 200, body: '' })
  })

  describe('POST /config', () => {
    const yaml = '_format_version: "3.0"\nservices: [{ name: new, host: a.test }]\n'

    it('replaces everything, from YAML, JSON, or YAML within JSON', async () => {
      const json = JSON.stringify({ _format_version: '3.0', services: [{ name: 'new', host: 'a.test' }] })
      for (const [body, type = 'application/json'] of [
        [yaml, 'application/yaml'],
        [json],
        [JSON.stringify({ config: yaml })],
      ] as const) {
        await admin.controlPlane.replace(entitiesOf(declared))
        const answer = await call('POST', '/config', body, { 'content-type': type })
        expect(answer.status).to.equal(201)
        expect(Object.values(answer.body.services)).to.have.length(1)
        expect(await names('/services')).to.deep.equal(['new'])
      }
    })

    it('takes back what GET /config has given', async () => {
      const before = admin.controlPlane.entities()
      const { config } = (await call('GET', '/config')).body
      await admin.controlPlane.replace(entitiesOf({}))
      expect((await call('POST', '/config', JSON.stringify({ config }))).status).to.equal(201)
      expect(admin.controlPlane.entities()).to.deep.equal(before)
    })

    it('changes nothing when anything is wrong, and says what in the form of Kong', async () => {
      const answer = await call('POST', '/config', '_format_version: "3.0"\nservices: [{ name: new }]', {
        'content-type': 'text/yaml',
      })
      expect(answer).to.deep.equal({
        status: 400,
        body: {
          code: 14,
          name: 'invalid declarative configuration',
          message: 'declarative config is invalid: {services={{host="required field missing"}}}',
          fields: { services: [{ host: 'required field missing' }] },
        },
      })
      expect(await names('/services')).to.deep.equal(['shop', 'users'])
    })

    it('refuses what cannot be read, what is empty and what cannot be put in force', async () => {
      expect((await call('POST', '/config', 'a: [', { 'content-type': 'text/yaml' })).body.fields.error).to.include(
        'failed parsing',
      )
      expect((await call('POST', '/config', '')).status).to.equal(400)
      admin.refuse('the environment variable TOKEN is not set')
      expect((await call('POST', '/config', yaml, { 'content-type': 'text/yaml' })).body.fields.error).to.include(
        'TOKEN',
      )
    })

    it('takes no type that a web page may send without asking', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
        expect((await call('POST', '/config', yaml, { 'content-type': type })).status, type).to.equal(415)
      }
    })
  })
})
