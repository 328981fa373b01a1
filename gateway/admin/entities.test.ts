import { expect } from 'chai'
import { type AdminRehearsal, rehearseAdmin } from './rehearsal.ts'

const ID = '00000000-0000-4000-8000-000000000001'

describe('entities, changed through the Admin API', () => {
  let admin: AdminRehearsal

  beforeEach(async () => {
    admin = await rehearseAdmin({})
  })
  afterEach(() => admin.close())

  const call: AdminRehearsal['call'] = (...request) => admin.call(...request)
  const made = async (path: string, body: unknown) => {
    const answer = await call('POST', path, body)
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201)
    return answer.body
  }
  const shop = { name: 'shop', host: 'a.test' }
  const statuses = async (...paths: string[]) =>
    Promise.all(paths.map(async (path) => (await call('GET', path)).status))

  describe('PATCH', () => {
    it('merges records, and replaces lists', async () => {
      await made('/upstreams', { name: 'up', tags: ['a', 'b'], healthchecks: { active: { timeout: 5 } } })
      const { body } = await call('PATCH', '/upstreams/up', {
        tags: ['c'],
        healthchecks: { active: { healthy: { interval: 3 } } },
      })
      expect(body).to.deep.include({ tags: ['c'] })
      expect(body.healthchecks.active).to.include({ timeout: 5 }).and.deep.include({ http_path: '/' })
      expect(body.healthchecks.active.healthy).to.deep.equal({ interval: 3, successes: 0, http_statuses: [200, 302] })
    })

    it('takes a field by its other name, and shows it by both', async () => {
      await made('/services', shop)
      expect((await call('PATCH', '/services/shop', { url: 'https://b.test/x' })).body).to.include({
        protocol: 'https',
        host: 'b.test',
        port: 443,
        path: '/x',
      })
      const { id } = await made('/plugins', { name: 'rate-limiting', config: { minute: 5, redis: { port: 1 } } })
      const { config } = (await call('PATCH', `/plugins/${id}`, { config: { redis_port: 2 } })).body
      expect(config).to.include({ minute: 5, redis_port: 2 })
      expect(config.redis.port).to.equal(2)
    })

    it('changes the name, and keeps id and creation', async () => {
      const before = await made('/services', shop)
      const { body } = await call('PATCH', '/services/shop', { name: 'market' })
      expect(body).to.include({ id: before.id, created_at: before.created_at, name: 'market' })
      expect(await statuses('/services/shop', '/services/market')).to.deep.equal([404, 200])
    })

    it('hashes a password that it is given, and leaves one that it is not', async () => {
      await made('/consumers', { username: 'a' })
      const { id, password } = await made('/consumers/a/basic-auth', { username: 'u', password: 'p' })
      expect(password).to.match(/^[0-9a-f]{40}$/)
      expect((await call('PATCH', `/basic-auths/${id}`, { tags: ['x'] })).body).to.include({ password })
      expect((await call('PATCH', `/basic-auths/${id}`, { password: 'q' })).body.password).to.not.be.oneOf([
        'q',
        password,
      ])
    })

    it('finds nothing where there is nothing, or where it belongs to another', async () => {
      await made('/consumers', { username: 'a' })
      await made('/consumers', { username: 'b' })
      const { id } = await made('/consumers/a/key-auth', { key: 'k' })
      expect((await call('PATCH', '/services/none', {})).status).to.equal(404)
      expect((await call('PATCH', `/consumers/b/key-auth/${id}`, { key: 'stolen' })).status).to.equal(404)
      expect((await call('DELETE', `/consumers/b/key-auth/${id}`)).status).to.equal(404)
      expect(await statuses('/key-auths/k')).to.deep.equal([200])
    })
  })

  describe('PUT', () => {
    it('replaces what has the name, under its id', async () => {
      const before = await made('/services', { ...shop, retries: 1 })
      const { body } = await call('PUT', '/services/shop', { host: 'b.test' })
      expect(body).to.include({ id: before.id, name: 'shop', host: 'b.test', retries: 5 })
    })

    it('follows a reference, and makes one where there is none', async () => {
      await made('/routes', { name: 'r', paths: ['/'] })
      expect((await call('GET', '/routes/r/service')).status).to.equal(404)
      expect((await call('PUT', '/routes/r/service', shop)).status).to.equal(200)
      expect((await call('PATCH', '/routes/r/service', { retries: 2 })).body).to.include({ name: 'shop', retries: 2 })
      expect((await call('DELETE', '/routes/r/service')).status).to.equal(405)
    })

    it('creates no target, and changes one', async () => {
      await made('/upstreams', { name: 'up' })
      expect((await call('PUT', `/upstreams/up/targets/${ID}`, { target: 'a.test:80' })).status).to.equal(404)
      await made('/upstreams/up/targets', { id: ID, target: 'a.test:80' })
      expect((await call('PUT', `/upstreams/up/targets/${ID}`, { target: 'a.test:80', weight: 7 })).body).to.include({
        weight: 7,
      })
      expect((await call('POST', '/upstreams/up/targets', { target: 'a.test:80' })).status).to.equal(409)
    })

    it('needs an id where there is no name', async () => {
      expect((await call('PUT', '/plugins/my-cors', { name: 'cors' })).body).to.include({ instance_name: 'my-cors' })
      expect((await call('PUT', '/ca_certificates/x', {})).body).to.deep.equal({
        code: 1,
        name: 'invalid primary key',
        message: `invalid primary key: '{id="x"}'`,
        fields: { id: 'x' },
      })
    })
  })

  describe('POST', () => {
    it('refuses an id that is taken', async () => {
      await made('/services', { ...shop, id: ID })
      expect((await call('POST', '/services', { id: ID, host: 'b.test' })).body).to.deep.include({
        code: 3,
        fields: { id: ID },
      })
    })

    it('says below the second level in Lua what is wrong', async () => {
      const { body } = await call('POST', '/plugins', {
        name: 'rate-limiting',
        config: { minute: 1, redis: { port: 'x' } },
      })
      expect(body.message).to.equal('schema violation (config.redis: {\n  port = "expected an integer"\n})')
    })

    it('refuses a second plugin of one kind on one route, and takes it on another', async () => {
      for (const name of ['a', 'b']) await made('/routes', { name, paths: ['/'] })
      await made('/routes/a/plugins', { name: 'cors' })
      expect((await call('POST', '/routes/a/plugins', { name: 'cors' })).status).to.equal(409)
      await made('/routes/b/plugins', { name: 'cors' })
    })

    it('keeps a target with its port, an IPv6 address in full, and takes it once in all its spellings', async () => {
      await made('/upstreams', { name: 'up' })
      const targets = {
        'a.test': 'a.test:8000',
        'a.test:080': 'a.test:80',
        '::1': '[0000:0000:0000:0000:0000:0000:0000:0001]:8000',
        '[2001:DB8::1]:90': '[2001:0db8:0000:0000:0000:0000:0000:0001]:90',
        '1::2:3:4:5:6:7': '[0001:0000:0002:0003:0004:0005:0006:0007]:8000',
      }
      for (const [target, kept] of Object.entries(targets)) {
        expect(await made('/upstreams/up/targets', { target })).to.include({ target: kept })
        expect((await call('POST', '/upstreams/up/targets', { target: kept })).status, kept).to.equal(409)
      }
    })

    it('changes nothing when a worker cannot serve it', async () => {
      admin.refuse('the environment variable TOKEN is not set')
      expect((await call('POST', '/services', shop)).body).to.deep.include({
        code: 2,
        fields: { '@entity': ['the environment variable TOKEN is not set'] },
      })
      expect((await call('GET', '/services')).body.data).to.deep.equal([])
    })

    it('takes JSON objects alone', async () => {
      expect((await call('POST', '/services', 'name=x', { 'content-type': 'text/plain' })).status).to.equal(415)
      for (const body of ['{', '[]', '"x"']) expect((await call('POST', '/services', body)).status, body).to.equal(400)
    })

    it('loses none of many that come at once', async () => {
      await Promise.all(Array.from({ length: 50 }, (_, at) => made('/services', { name: `s${at}`, host: 'a.test' })))
      expect((await call('GET', '/services')).body.data).to.have.length(50)
    })
  })

  describe('DELETE', () => {
    it('takes along what belongs to the entity', async () => {
      await made('/consumers', { username: 'acme' })
      await made('/consumers/acme/key-auth', { key: 'k' })
      await made('/consumers/acme/acls', { group: 'gold' })
      await made('/consumers/acme/plugins', { name: 'rate-limiting', config: { minute: 1 } })
      expect((await call('DELETE', '/consumers/acme')).status).to.equal(204)
      for (const path of ['/key-auths', '/acls', '/plugins'])
        expect((await call('GET', path)).body.data, path).to.deep.equal([])
    })

    it('takes a group from a consumer by its name', async () => {
      await made('/consumers', { username: 'acme' })
      await made('/consumers/acme/acls', { group: 'gold' })
      expect((await call('DELETE', '/consumers/acme/acls/gold')).status).to.equal(204)
      expect((await call('GET', '/acls')).body.data).to.deep.equal([])
    })
  })

  it('belong to whom the path names, whatever the body says', async () => {
    for (const username of ['a', 'b']) await made('/consumers', { username })
    const { consumer } = await made('/consumers/a/key-auth', { key: 'k', consumer: { username: 'b' } })
    expect(consumer.id).to.equal((await call('GET', '/consumers/a')).body.id)
  })

  it('refer to others by id, or by a field that names them, but not by a bare text', async () => {
    await made('/services', shop)
    const refusal = { status: 400, fields: { service: { id: 'missing primary key' } } }
    for (const path of ['/routes', '/schemas/routes/validate']) {
      const { status, body } = await call('POST', path, { paths: ['/'], service: 'shop' })
      expect({ status, fields: body.fields }).to.deep.equal(refusal)
    }
    await made('/routes', { paths: ['/'], service: { name: 'shop' } })
  })

  it('are reached with the token alone, where one is asked for', async () => {
    await admin.close()
    admin = await rehearseAdmin({}, 'a-long-secret')
    expect((await call('GET', '/services')).status).to.equal(401)
    for (const token of ['a-long-secreT', ''])
      expect((await call('GET', '/services', undefined, { 'kong-admin-token': token })).status).to.equal(401)
    expect((await call('GET', '/services', undefined, { 'Kong-Admin-Token': 'a-long-secret' })).status).to.equal(200)
  })
})
