import { expect } from 'chai'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { needsLuajit } from '../../../../test/support/needs-luajit.ts'
import { type RedisServer, startRedis } from '../../../plugins/redis-server.ts'
import { handler } from '../../../plugins/trusted-identity/handler.ts'
import { schema } from '../../../plugins/trusted-identity/schema.ts'
import { type BothForms, bothForms, type Sent } from '../../spec/both-forms.ts'
import { printed } from '../../spec/schemas.ts'

const config = { gateway_token: 'only-we-know' }
const USER = { sub: 'u-1', email: 'a@shop.test', roles: ['member', 'staff'], amr: ['pwd'], sid: 's-1' }
const NOW = 1_800_000_000
const spoofed = (...names: string[]) => Object.fromEntries(names.map((name) => [name, ['spoofed', 'spoofed']]))

/** What is asked for, what is sent, and the status that both forms answer with. */
const CASES: Record<string, [own: object | undefined, sent: Sent, status: number]> = {
  'a verified token': [undefined, { claims: USER }, 200],
  'no token': [undefined, {}, 200],
  'a partner': [undefined, { partner: 'shop' }, 200],
  'no token where a role is asked for': [{ roles: ['staff'] }, {}, 401],
  'a partner where a method is asked for': [{ amr: ['otp'] }, { partner: 'shop' }, 401],
  'one of the roles': [{ roles: ['admin', 'staff'] }, { claims: USER }, 200],
  'none of the roles': [{ roles: ['admin', 'owner'] }, { claims: USER }, 403],
  'all of the methods': [{ amr: ['otp', 'pwd'] }, { claims: { ...USER, amr: ['pwd', 'otp'] } }, 200],
  'some of the methods': [{ amr: ['pwd', 'otp', 'key'] }, { claims: USER }, 403],
  'a role but not the method': [{ roles: ['staff'], amr: ['otp'] }, { claims: USER }, 403],
  'a role by a part of its name': [{ roles: ['sta'] }, { claims: USER }, 403],
  'a fresh authentication': [{ max_auth_age: 300 }, { claims: { ...USER, auth_time: NOW - 300 } }, 200],
  'a stale authentication': [{ max_auth_age: 300 }, { claims: { ...USER, auth_time: NOW - 301 } }, 401],
  'an authentication at no known time': [{ max_auth_age: 300 }, { claims: USER }, 401],
  'a stale authentication without the method': [{ amr: ['otp'], max_auth_age: 300 }, { claims: USER }, 403],
  'no token where a fresh authentication is asked for': [{ max_auth_age: 300 }, {}, 401],
  'a text for a time': [undefined, { claims: { ...USER, auth_time: String(NOW) } }, 401],
  'a null for a time': [undefined, { claims: { ...USER, auth_time: null } }, 401],
  'a subject alone': [undefined, { claims: { sub: 'u-1' } }, 200],
  'another alphabet': [undefined, { claims: { ...USER, sub: 'ผู้ใช้\u010a' } }, 200],
  'a null for a list': [undefined, { claims: { ...USER, roles: null } }, 401],
  'an empty object for a list': [undefined, { claims: { ...USER, amr: {} } }, 401],
  'a null in a list': [undefined, { claims: { ...USER, roles: [null] } }, 401],
  'a null for the e-mail': [undefined, { claims: { ...USER, email: null } }, 401],
  'a line break in the subject': [undefined, { claims: { ...USER, sub: 'u\r\nX-User-Roles: admin' } }, 401],
  'a comma in a role': [undefined, { claims: { ...USER, roles: ['member,admin'] } }, 401],
  'a Connection that would take identity away': [
    undefined,
    { claims: USER, headers: { connection: ['close, X-User-Id'] } },
    400,
  ],
  'a second Connection that would do so': [undefined, { headers: { connection: ['close', 'x_gateway_token'] } }, 400],
  'a Connection that names other headers': [undefined, { headers: { connection: ['X-Usergroup,keep-alive'] } }, 200],
  'headers that only look alike': [undefined, { headers: spoofed('x-usergroup', 'x-sessions', 'x-a-user-id') }, 200],
}

const claim = fc.oneof(
  fc.constantFrom(undefined, null, '', 'a', 'staff', 'a\0', 'a\n', 'é'),
  fc.string(),
  fc.array(fc.oneof(fc.constantFrom('staff', 'admin', 'otp', 'pwd', 'a,b', ''), fc.string(), fc.integer())),
  fc.dictionary(fc.string(), fc.boolean(), { maxKeys: 1 }),
  fc.boolean(),
)
const time = fc.oneof(fc.integer({ min: NOW - 600, max: NOW + 60 }), fc.double({ noNaN: true }), claim)
const anyUser = fc.tuple(
  fc.constant(USER),
  fc.record({ sub: claim, email: claim, roles: claim, amr: claim, sid: claim, auth_time: time }, { requiredKeys: [] }),
)
const headerName = fc
  .tuple(
    fc.constantFrom('x-', 'x_', 'X-', 'X_', 'y-'),
    fc.constantFrom('user', 'USER', 'Session', 'gateway', 'consumer', 'credential', 'authenticated', 'anonymous', 'us'),
    fc.constantFrom('-', '_', ''),
    fc.constantFrom('id', 'ID', 'roles', 'token', 'groups', '-', 'x_y'),
  )
  .map((parts) => parts.join(''))

describe("trusted-identity, Kong's form", () => {
  let forms: BothForms
  before(needsLuajit)
  afterEach(() => forms.close())

  const start = async (own?: object) => {
    const scene = { global: config, partners: { shop: [] }, now: () => NOW * 1000 }
    forms = await bothForms('trusted-identity', { ...scene, ...(own && { own: { ...config, ...own } }) })
  }

  it('has the schema and the priority of the other form', async () => {
    await start()
    expect(forms.lua.plugin.schema).to.deep.equal(printed(schema))
    expect(forms.lua.plugin.priority).to.equal(handler.priority)
  })

  for (const [what, [own, sent, status]] of Object.entries(CASES))
    it(`answers ${status} to ${what}, as the other form does`, async () => {
      await start(own)
      const seen = await forms.lua.send(sent)
      expect(seen.status).to.equal(status)
      expect(seen).to.deep.equal(await forms.typescript.send(sent))
    })

  it('identifies and refuses whomever the other form does, whatever a token holds', async () => {
    await start({ roles: ['staff', 'admin'], amr: ['pwd'], max_auth_age: 300 })
    const alike = async ([user, changes]: [object, object]) => {
      const sent = { claims: { ...user, ...changes } }
      expect(await forms.lua.send(sent)).to.deep.equal(await forms.typescript.send(sent))
    }
    await fc.assert(fc.asyncProperty(anyUser, alike), { numRuns: 300 })
  })

  it('removes the headers that the other form removes, however they are spelt', async () => {
    await start()
    const alike = async (names: string[]) => {
      const sent = { headers: spoofed(...names) }
      expect(await forms.lua.send(sent)).to.deep.equal(await forms.typescript.send(sent))
    }
    const names = fc.uniqueArray(headerName, { selector: (name) => name.toLowerCase() })
    await fc.assert(fc.asyncProperty(names, alike), { numRuns: 200 })
  })

  it('strips its own headers where it stands without a global instance', async () => {
    forms = await bothForms('trusted-identity', { own: config, now: Date.now })
    const sent = { headers: spoofed('X_User_Roles', 'x-session-id', 'X-Gateway-Token', 'x_gateway_token') }
    const { upstream } = await forms.lua.send(sent)
    expect(upstream).to.deep.equal({ 'x-gateway-token': ['only-we-know'] })
    expect(upstream).to.deep.equal((await forms.typescript.send(sent)).upstream)
  })

  it('keeps the gateway token out of what logging plugins write', async () => {
    await start()
    const { logged } = await forms.lua.plugin.play({ now: Date.now(), headers: {}, shared: {}, access: config })
    expect(logged).to.deep.equal({ 'request.headers.x-gateway-token': 'REDACTED' })
  })

  it('lets nothing through without a gateway token, as when a vault reference leads nowhere', async () => {
    await start()
    const request = { now: Date.now(), headers: {}, shared: {} }
    for (const gateway_token of ['', undefined]) {
      const { answer } = await forms.lua.plugin.play({ ...request, access: { ...config, gateway_token } })
      expect(answer.status).to.equal(500)
      expect(answer.err).to.include('gateway_token is empty')
    }
  })
})

describe("trusted-identity, Kong's form, and ended sessions", () => {
  let redis: RedisServer
  let client: Redis
  let time: number
  let forms: BothForms

  const start = async (on_redis_error: string) => {
    const own = { ...config, redis: { host: '127.0.0.1', port: redis.port }, on_redis_error }
    forms = await bothForms('trusted-identity', { own, now: () => time, redis: () => client })
  }
  const status = async (sid: string) => (await forms.lua.send({ claims: { ...USER, sid } })).status

  before(needsLuajit)
  beforeEach(async () => {
    redis = await startRedis()
    client = new Redis({ port: redis.port, retryStrategy: () => null, maxRetriesPerRequest: 0 })
    client.on('error', () => undefined)
    await client.ping()
    time = Date.now()
  })
  afterEach(async () => {
    client.disconnect()
    await forms.close()
    await redis.stop()
  })

  it('refuses a session within a second of its end', async () => {
    await start('deny')
    expect(await status('s-1')).to.equal(200)
    await redis.client.set('revoked:s-1', '1', 'EX', 600)
    time += 999
    const seen = await forms.lua.send({ claims: USER })
    expect(seen).to.deep.include({ status: 401, message: 'Unauthorized' })
    expect(seen.headers).to.deep.equal({ 'www-authenticate': ['Bearer error="invalid_token"'] })
    expect(await status('s-2')).to.equal(200)
  })

  it('asks Redis but about once a second, however many requests a session makes', async () => {
    await start('deny')
    for (let at = 0; at < 200; at++, time += 10) expect(await status('s-1')).to.equal(200)
    const [, calls] = /cmdstat_get:calls=(\d+)/.exec(await redis.client.info('commandstats')) ?? []
    expect(Number(calls)).to.be.within(2, 3)
  })

  it('lets requests pass, or refuses them, while Redis is away: as on_redis_error says', async () => {
    await start('deny')
    await redis.stop()
    expect(await forms.lua.send({ claims: USER })).to.deep.include({
      status: 503,
      message: 'Sessions cannot be checked',
    })
    await forms.close()
    await start('allow')
    expect(await status('s-1')).to.equal(200)
  })

  it('does not wait for Redis again right after it has failed', async () => {
    await start('deny')
    const working = client
    client = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
    client.on('error', () => undefined)
    expect(await status('s-1')).to.equal(503)
    client = working
    time += 249
    expect(await status('s-1')).to.equal(503)
    time += 1
    expect(await status('s-1')).to.equal(200)
  })

  it('goes on refusing an ended session that it knows of while Redis is away', async () => {
    await start('allow')
    await redis.client.set('revoked:s-1', '1')
    expect(await status('s-1')).to.equal(401)
    await redis.stop()
    time += 60_000
    expect(await status('s-1')).to.equal(401)
  })
})
