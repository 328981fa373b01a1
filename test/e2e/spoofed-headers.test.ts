import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { type Platform, platform } from '../support/platform.ts'
import { bearer, member } from './people.ts'

/** Every letter case that matters, and the underscore that some servers read as a dash. */
const spellings = (name: string) => [
  name,
  name.toLowerCase(),
  name.toUpperCase(),
  name.replaceAll('-', '_'),
  swapCase(name),
]
const swapCase = (text: string) =>
  text.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))

describe('identity headers that a client invents', () => {
  let jade: Platform
  let own: Awaited<ReturnType<typeof member>>

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    own = await member(jade)
  })

  const invented = () => [
    ...spellings('X-User-Id').map((name): [string, string] => [name, randomUUID()]),
    ...spellings('X-User-Roles').map((name): [string, string] => [name, 'admin']),
    ...spellings('X-User-Amr').map((name): [string, string] => [name, 'pwd,otp']),
    ...spellings('X-User-Email').map((name): [string, string] => [name, 'admin@example.test']),
    ...spellings('X-Session-Id').map((name): [string, string] => [name, randomUUID()]),
    ...spellings('X-Consumer-Groups').map((name): [string, string] => [name, 'partner-gold']),
    ...spellings('X-Consumer-Username').map((name): [string, string] => [name, 'jade-auth']),
    ...spellings('X-Gateway-Token').map((name): [string, string] => [name, 'guess']),
  ]

  it('open nothing without a token or key, one by one or all together, once or doubled', async () => {
    const all = invented()
    for (const headers of [...all.map((pair) => [pair]), all, [...all, ...all]]) {
      const sent = headers as [string, string][]
      expect((await jade.send('GET', '/api/v1/users/me', { headers: sent })).status).to.equal(401)
    }
    expect((await jade.send('GET', '/api/v1/users', { headers: all })).status).to.equal(401)
    expect((await jade.send('GET', `/partner/v1/members/${own.userID}`, { headers: all })).status).to.equal(401)
  })

  it('change nothing beside a real token: the profile is the own one, staff routes stay shut', async () => {
    const headers = [...invented(), ...invented(), ...Object.entries(bearer(own.accessToken))]
    const me = await jade.send('GET', '/api/v1/users/me', { headers })
    expect([me.status, me.body?.data?.['userID']]).to.deep.equal([200, own.userID])
    expect((await jade.send('GET', '/api/v1/users', { headers })).status).to.equal(403)
  })

  it('do not make an anonymous enrolment somebody’s', async () => {
    const headers: [string, string][] = [...invented(), ['x-user-id', own.userID]]
    const answer = await jade.send('POST', '/api/v1/auth/mfa/totp/enroll', { headers, body: {} })
    expect(answer.status).to.be.oneOf([400, 401])
  })

  it('a service answers 401 to whoever comes past the gateway', async () => {
    for (const service of ['users', 'onboarder', 'auth'] as const) {
      const headers = { 'x-user-id': own.userID, 'x-user-roles': 'admin', 'x-gateway-token': 'guess' }
      const direct = await jade.sendTo(service, 'GET', '/api/v1/users/me', { headers })
      expect(direct.status, service).to.equal(401)
    }
  })
})
