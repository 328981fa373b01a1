import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import { type RedisServer, startRedis } from '../redis-server.ts'
import { onService, type Rehearsal, rehearse, type Sent } from '../rehearsal.ts'

const env = { GATEWAY_TOKEN: 'only-we-know', OTHER_TOKEN: 'other' }
const identity = (config: object = {}) => ({
  name: 'trusted-identity',
  config: { gateway_token: '{vault://env/gateway-token}', ...config },
})
const consumers = [
  { username: 'jade-auth', jwt_secrets: [{ key: 'k', secret: 's' }], keyauth_credentials: [{ key: 'key' }] },
]
const USER = { iss: 'k', sub: 'u-1', email: 'a@shop.test', roles: ['member', 'staff'], amr: ['pwd'], sid: 's-1' }
const NOW = 1_800_000_000

function bearing(claims: object, headers: Sent['headers'] = {}): Sent {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode({ alg: 'HS256' })}.${encode(claims)}`
  const token = `${signed}.${createHmac('sha256', 's').update(signed).digest('base64url')}`
  return { headers: { ...headers, authorization: `Bearer ${token}` } }
}

/** A global instance, and on the route jwt and, if given, an instance of its own. */
const gateway = (own?: object, auth = 'jwt', now = Date.now) =>
  rehearse(onService([{ name: auth }, ...(own ? [identity(own)] : [])], { plugins: [identity()], consumers }), {
    env,
    now,
  })

describe('trusted-identity', () => {
  it('tells the upstream who calls, from the verified token', async () => {
    const { upstream } = await gateway().send(bearing(USER))
    const told = ['x-user-id', 'x-user-email', 'x-user-roles', 'x-user-amr', 'x-session-id', 'x-gateway-token']
    expect(told.map((key) => upstream?.headers.getAll(key))).to.deep.equal(
      ['u-1', 'a@shop.test', 'member,staff', 'pwd', 's-1', 'only-we-know'].map((value) => [value]),
    )
  })

  for (const name of [
    ...['X-User-Id', 'x-user-id', 'X-USER-ID', 'x_user_id', 'X-User_Id', 'X_uSeR-Roles', 'X-User-Anything'],
    ...['X-Session-Id', 'x_session_id', 'X-Consumer-Username', 'X_Consumer_Id', 'X-Credential-Identifier'],
    ...[
      'X-Authenticated-Groups',
      'X_Authenticated_Scope',
      'X-Anonymous-Consumer',
      'X-Gateway-Token',
      'x_gateway_token',
    ],
  ])
    it(`removes ${name} when the client sends it, once or twice`, async () => {
      const rehearsal = rehearse({ ...onService([]), plugins: [identity()] }, { env })
      const { upstream } = await rehearsal.send({ headers: { [name]: ['spoofed', 'spoofed'] } })
      expect(upstream?.headers.values).not.to.include('spoofed')
    })

  it('leaves alone what only looks alike', async () => {
    const headers = { 'x-usergroup': '1', 'user-id': '2', 'x-sessions': '3', 'my-x-user-id': '4' }
    const { upstream } = await gateway(undefined, 'key-auth').send({ headers: { ...headers, apikey: 'key' } })
    expect(Object.keys(headers).map((key) => upstream?.headers.get(key))).to.deep.equal(['1', '2', '3', '4'])
  })

  it('keeps what an authentication plugin has written, and gives a partner no user', async () => {
    const { upstream } = await gateway({}, 'key-auth').send({ headers: { apikey: 'key', 'x-user-id': 'spoofed' } })
    expect(upstream?.headers.get('x-consumer-username')).to.equal('jade-auth')
    expect(upstream?.headers.has('x-user-id')).to.equal(false)
    expect(upstream?.headers.get('x-gateway-token')).to.equal('only-we-know')
  })

  it('strips its own headers where it stands on a route alone', async () => {
    const rehearsal = rehearse(onService([identity()]), { env })
    const { upstream } = await rehearsal.send({
      headers: { x_user_roles: 'admin', 'x-session-id': 's', 'X-Gateway-Token': 'x' },
    })
    expect(upstream?.headers.has('x_user_roles')).to.equal(false)
    expect(upstream?.headers.has('x-session-id')).to.equal(false)
    expect(upstream?.headers.getAll('x-gateway-token')).to.deep.equal(['only-we-know'])
  })

  it('asks for any of the roles', async () => {
    expect((await gateway({ roles: ['staff', 'admin'] }).send(bearing(USER))).status).to.equal(200)
    const { status, json } = await gateway({ roles: ['admin'] }).send(bearing(USER))
    expect(status).to.equal(403)
    expect(json).to.have.keys('message', 'request_id')
    expect((await gateway({ roles: ['admin'] }).send(bearing({ ...USER, roles: undefined }))).status).to.equal(403)
  })

  it('asks for all of the methods', async () => {
    const rehearsal = gateway({ amr: ['pwd', 'otp'] })
    expect((await rehearsal.send(bearing(USER))).status).to.equal(403)
    expect((await rehearsal.send(bearing({ ...USER, amr: ['otp', 'pwd'] }))).status).to.equal(200)
  })

  it('asks for an authentication no longer ago than max_auth_age, with the challenge of RFC 9470', async () => {
    const rehearsal = gateway({ amr: ['pwd'], max_auth_age: 300 }, 'jwt', () => NOW * 1000)
    expect((await rehearsal.send(bearing({ ...USER, auth_time: NOW - 300 }))).status).to.equal(200)
    for (const auth_time of [NOW - 301, undefined]) {
      const { status, headers } = await rehearsal.send(bearing({ ...USER, auth_time }))
      expect(status).to.equal(401)
      expect(headers.get('www-authenticate')).to.match(
        /^Bearer error="insufficient_user_authentication", .*max_age="300"$/,
      )
    }
  })

  it('speaks of missing roles and methods before it speaks of the time', async () => {
    const stale = bearing({ ...USER, auth_time: NOW - 301 })
    for (const own of [{ roles: ['admin'] }, { amr: ['otp'] }])
      expect((await gateway({ ...own, max_auth_age: 300 }, 'jwt', () => NOW * 1000).send(stale)).status).to.equal(403)
  })

  it('refuses a request without a token where roles, methods or a recent authentication are asked for', async () => {
    for (const own of [{ roles: ['staff'] }, { amr: ['otp'] }, { max_auth_age: 300 }])
      expect((await gateway(own, 'key-auth').send({ headers: { apikey: 'key' } })).status).to.equal(401)
  })

  for (const [what, claims] of Object.entries({
    'no subject': { sub: undefined },
    'a subject that is no text': { sub: 7 },
    'an empty subject': { sub: '' },
    'a line break in the subject': { sub: 'u\r\nX-User-Roles: admin' },
    'a NUL in the e-mail': { email: 'a\0b' },
    'an e-mail that is an object': { email: {} },
    'a comma in a role': { roles: ['member,admin'] },
    'a role that is no text': { roles: [['admin']] },
    'roles that are one text': { roles: 'admin' },
    'methods that are a map': { amr: { otp: true } },
    'a number for a session': { sid: 1 },
    'a text for a time': { auth_time: '1800000000' },
  }))
    it(`refuses a token with ${what}`, async () => {
      expect((await gateway().send(bearing({ ...USER, ...claims }))).status).to.equal(401)
    })

  it('writes other alphabets as UTF-8, which can never become a line break', async () => {
    const { upstream } = await gateway().send(bearing({ ...USER, sub: 'ผู้ใช้\u010a' }))
    const value = upstream?.headers.get('x-user-id') ?? ''
    expect(Buffer.from(value, 'latin1').toString()).to.equal('ผู้ใช้\u010a')
    expect(value).not.to.match(/[\r\n]/)
  })

  it('lets rate-limiting count by the user, not by what the client says', async () => {
    const limit = { name: 'rate-limiting', config: { minute: 1, limit_by: 'header', header_name: 'X-User-Id' } }
    const rehearsal = rehearse(onService([{ name: 'jwt' }, limit], { plugins: [identity()], consumers }), { env })
    expect((await rehearsal.send(bearing(USER, { 'x-user-id': 'a' }))).status).to.equal(200)
    expect((await rehearsal.send(bearing(USER, { 'x-user-id': 'b' }))).status).to.equal(429)
    expect((await rehearsal.send(bearing({ ...USER, sub: 'u-2' }))).status).to.equal(200)
  })
})

describe('trusted-identity and ended sessions', () => {
  let redis: RedisServer
  let time: number
  let rehearsal: Rehearsal

  function start(on_redis_error: string): Rehearsal {
    const config = { redis: { host: '127.0.0.1', port: redis.port, timeout: 500 }, on_redis_error }
    const document = onService([{ name: 'jwt' }, identity(config)], { consumers })
    rehearsal = rehearse(document, { env, now: () => time })
    return rehearsal
  }

  /** The first request after the connection stands: until then Redis is away. */
  async function connected(): Promise<void> {
    for (const deadline = Date.now() + 5000; Date.now() < deadline; await new Promise(setImmediate)) {
      time += 1000
      if ((await rehearsal.send(bearing(USER))).status === 200) return
    }
    throw new Error('Redis was never reached')
  }

  beforeEach(async () => {
    redis = await startRedis()
    time = Date.now()
  })
  afterEach(async () => {
    rehearsal.close()
    await redis.stop()
  })

  it('refuses a session within a second of its end', async () => {
    start('deny')
    await connected()
    await redis.client.set('revoked:s-1', '1', 'EX', 600)
    time += 999
    expect((await rehearsal.send(bearing(USER))).status).to.equal(401)
    expect((await rehearsal.send(bearing({ ...USER, sid: 's-2' }))).status).to.equal(200)
  })

  it('asks Redis but a few times a second, however many requests a session makes', async () => {
    start('deny')
    await connected()
    const commands = async () =>
      Number(/cmdstat_mget:calls=(\d+)/.exec(await redis.client.info('commandstats'))?.[1] ?? 0)
    const before = await commands()
    for (let at = 0; at < 200; at++) {
      time += 5
      expect((await rehearsal.send(bearing(USER))).status).to.equal(200)
    }
    expect((await commands()) - before).to.be.within(1, 4)
  })

  it('looks up the sessions of simultaneous requests together', async () => {
    start('deny')
    await connected()
    await redis.client.set('revoked:s-7', '1')
    const sent = Array.from({ length: 20 }, (_, at) => rehearsal.send(bearing({ ...USER, sid: `s-${at}` })))
    const refused = (await Promise.all(sent)).flatMap(({ status }, at) => (status === 401 ? [at] : []))
    expect(refused).to.deep.equal([7])
  })

  it('lets requests pass, or refuses them, while Redis is away: as on_redis_error says', async () => {
    start('deny')
    await connected()
    await redis.stop()
    time += 1000
    const { status, json } = await rehearsal.send(bearing(USER))
    expect(status).to.equal(503)
    expect(json).to.have.keys('message', 'request_id')
    rehearsal.close()
    expect((await start('allow').send(bearing(USER))).status).to.equal(200)
  })

  it('lets one request wait for a Redis that hangs, and no other, once it has failed', async () => {
    start('deny')
    await connected()
    await redis.client.call('CLIENT', 'PAUSE', '2000', 'ALL')
    time += 1000
    expect((await rehearsal.send(bearing(USER))).status).to.equal(503)
    time += 250
    const asking = rehearsal.send(bearing(USER)).then(({ status }) => ['asking', status])
    await new Promise(setImmediate)
    const other = rehearsal.send(bearing({ ...USER, sid: 's-2' })).then(({ status }) => ['other', status])
    expect(await Promise.race([asking, other])).to.deep.equal(['other', 503])
    expect(await asking).to.deep.equal(['asking', 503])
  })

  it('goes on refusing an ended session that it knows of while Redis is away', async () => {
    start('allow')
    await redis.client.set('revoked:s-1', '1')
    for (let status = 0; status !== 401; time += 1000) status = (await rehearsal.send(bearing(USER))).status
    await redis.stop()
    time += 60_000
    expect((await rehearsal.send(bearing(USER))).status).to.equal(401)
  })
})
