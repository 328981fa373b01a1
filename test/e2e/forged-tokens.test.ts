import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { expect } from 'chai'
import { type Platform, platform } from '../support/platform.ts'
import { bearer, member } from './people.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = () => Math.floor(Date.now() / 1000)

describe('tokens that auth has not issued, or not for now', () => {
  let jade: Platform
  let claims: Record<string, unknown>

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    const { userID, email } = await member(jade)
    claims = {
      iss: 'jade-palace',
      aud: 'jade-palace',
      sub: userID,
      sid: userID,
      email,
      roles: ['admin'],
      amr: ['pwd', 'otp'],
      jti: 'forged',
      iat: seconds(),
      nbf: seconds() - 5,
      exp: seconds() + 600,
    }
  })

  const es256 = (
    payload: unknown,
    header: Record<string, unknown> = {},
    key: KeyObject = jade.signingKey.privateKey,
  ) => {
    const input = `${encode({ alg: 'ES256', typ: 'JWT', kid: jade.signingKey.kid, ...header })}.${encode(payload)}`
    return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  const staffRoute = (token: string) => jade.send('GET', '/api/v1/users', { headers: bearer(token) })

  it('accepts the same claims when they are signed by the right key: the forgeries below fail for their forgery alone', async () => {
    expect((await staffRoute(es256(claims))).status).to.equal(200)
  })

  it('refuses alg none', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = encode({ alg, typ: 'JWT', kid: jade.signingKey.kid })
      expect((await staffRoute(`${header}.${encode(claims)}.`)).status, alg).to.equal(401)
      expect((await staffRoute(`${header}.${encode(claims)}.AAAA`)).status, alg).to.equal(401)
    }
  })

  it('refuses HS256 signed with the public key', async () => {
    const publicKey = createPublicKey(jade.signingKey.privateKey)
    for (const format of ['pem', 'der'] as const) {
      const secret = publicKey.export({ type: 'spki', format } as { type: 'spki'; format: 'pem' })
      const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: jade.signingKey.kid })}.${encode(claims)}`
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
      expect((await staffRoute(token)).status).to.equal(401)
    }
  })

  it('refuses an unknown kid, and one that is a path, SQL, empty, a list or a number', async () => {
    const kids = ['unknown', '../../../../etc/passwd', "' or '1'='1", '', ['a'], 7, null, '__proto__', 'constructor']
    for (const kid of kids) expect((await staffRoute(es256(claims, { kid }))).status, String(kid)).to.equal(401)
  })

  it('refuses an expired token, one that is not yet valid, and one without these claims', async () => {
    const { exp: _, ...eternal } = claims
    const { nbf: __, ...timeless } = claims
    const changed = [
      { ...claims, exp: seconds() - 1 },
      { ...claims, nbf: seconds() + 60 },
      { ...claims, exp: '9999999999' },
      eternal,
      timeless,
    ]
    for (const payload of changed) expect((await staffRoute(es256(payload))).status).to.equal(401)
  })

  it('refuses a signature by another key, a changed payload and a cut signature', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    expect((await staffRoute(es256(claims, {}, other))).status).to.equal(401)
    const [header, , signature] = es256(claims).split('.') as [string, string, string]
    expect((await staffRoute(`${header}.${encode({ ...claims, sub: 'x' })}.${signature}`)).status).to.equal(401)
    expect((await staffRoute(es256(claims).slice(0, -2))).status).to.equal(401)
  })

  it('refuses two different tokens, in two places or in two headers', async () => {
    const [one, two] = [es256(claims), es256({ ...claims, jti: 'second' })]
    expect((await jade.send('GET', `/api/v1/users?jwt=${two}`, { headers: bearer(one) })).status).to.equal(401)
    const headers: [string, string][] = [
      ['authorization', `Bearer ${one}`],
      ['authorization', `Bearer ${two}`],
    ]
    expect((await jade.send('GET', '/api/v1/users', { headers })).status).to.be.oneOf([400, 401])
  })

  it('answers 403, not 200, to an admin whose token lacks the second factor, and to a member who has it', async () => {
    expect((await staffRoute(es256({ ...claims, amr: ['pwd'] }))).status).to.equal(403)
    expect((await staffRoute(es256({ ...claims, roles: [] }))).status).to.equal(403)
    expect((await staffRoute(es256({ ...claims, roles: ['staff'] }))).status).to.equal(200)
    const headers = bearer(es256({ ...claims, roles: ['staff'] }))
    const target = `/api/v1/users/${claims['sub']}`
    expect((await jade.send('DELETE', target, { headers })).status, 'deleting is for admins').to.equal(403)
  })

  it('refuses claims that would smuggle a header or a second role', async () => {
    const smuggled = [
      { ...claims, email: 'a@b.test\r\nX-User-Roles: admin' },
      { ...claims, roles: ['member,admin'] },
      { ...claims, roles: 'admin' },
      { ...claims, sub: { toString: 'x' } },
    ]
    for (const payload of smuggled) expect((await staffRoute(es256(payload))).status).to.be.oneOf([401, 403])
  })
})
