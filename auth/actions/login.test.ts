import argon2 from 'argon2'
import { expect } from 'chai'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { type Auth, PASSWORD, runAuth } from '../../test/support/auth.ts'

describe('login', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth()
  })
  after(() => auth.stop())

  it('gives an access token of ten minutes that the published keys verify', async () => {
    const { userID, email } = await auth.member({ roles: ['member'] })
    const { status, headers, body } = await auth.logIn(email)
    expect(status).to.equal(200)
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(body.data).to.include({ tokenType: 'Bearer', expiresIn: 600 })
    expect(Buffer.from(body.data['refreshToken'] ?? '', 'base64url')).to.have.lengthOf(32)

    const { body: keys } = await auth.call<JSONWebKeySet>('/.well-known/jwks.json')
    const token = body.data['accessToken'] as string
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: 'jade-palace',
      audience: 'jade-palace',
      algorithms: ['ES256'],
    })
    expect(payload).to.include({ sub: userID, email })
    expect(payload['roles']).to.deep.equal(['member'])
    expect(payload['amr']).to.deep.equal(['pwd'])
    expect(payload).to.include.keys('jti', 'sid', 'iat')
    expect(payload.nbf).to.equal(payload.iat)
    expect(Number(payload.exp) - Number(payload.iat)).to.equal(600)
    expect(decodeProtectedHeader(token).kid).to.equal(keys.keys[0]?.kid)
  })

  it('publishes public keys only, at both addresses', async () => {
    const { body } = await auth.call<JSONWebKeySet>('/api/v1/auth/jwks')
    expect(body.keys, 'the one that signs, and the next').to.have.lengthOf(2)
    for (const key of body.keys) expect(key).to.have.all.keys('kty', 'crv', 'x', 'y', 'kid', 'alg', 'use')
    expect((await auth.call('/.well-known/jwks.json')).body).to.deep.equal(body)
  })

  it('takes the e-mail address in any letter case', async () => {
    const { email } = await auth.member()
    expect((await auth.logIn(email.toUpperCase())).status).to.equal(200)
  })

  it('answers an unknown e-mail address and a wrong password alike', async () => {
    const { email } = await auth.member()
    const wrong = await auth.logIn(email, { password: 'not the password' })
    const unknown = await auth.logIn('nobody@example.com', { password: 'not the password' })
    expect(wrong.status).to.equal(401)
    expect({ ...unknown.body, requestId: '' }).to.deep.equal({ ...wrong.body, requestId: '' })
    expect(wrong.body.code).to.equal('INVALID_CREDENTIALS')
  })

  it('does the same hashing for an unknown e-mail address as for a known one', async () => {
    const { email } = await auth.member()
    const { verify } = argon2
    const costs: string[] = []
    argon2.verify = (hash, ...rest) => {
      costs.push(costOf(hash))
      return verify(hash, ...rest)
    }
    try {
      await auth.logIn(email, { password: 'wrong' })
      await auth.logIn(`not-${email}`, { password: 'wrong' })
    } finally {
      argon2.verify = verify
    }
    expect(costs).to.have.lengthOf(2)
    expect(costs[1]).to.equal(costs[0])
  })

  it('answers the right password of an address that is not confirmed as a wrong one, and locks nothing for it', async () => {
    const { userID, email } = await auth.member()
    await auth.query('update accounts set confirmed_at = null where id = $1', [userID])
    const other = await auth.member()
    const told = ({ status, headers, body }: Awaited<ReturnType<typeof auth.logIn>>) => ({
      status,
      headers: [...headers.keys()],
      body: { ...body, requestId: '' },
    })
    const wrong = told(await auth.logIn(other.email, { password: 'wrong' }))
    expect(wrong.status).to.equal(401)
    for (let i = 0; i < 6; i++) expect(told(await auth.logIn(email))).to.deep.equal(wrong)
    const failures = `select from audit where event = 'login.failed' and account_id = $1`
    expect(await auth.query(failures, [userID])).to.have.length(6)
    expect(await auth.query('select from sessions where account_id = $1', [userID])).to.deep.equal([])
  })

  it('refuses unknown fields and names every bad one', async () => {
    const { status, body } = await auth.post('login', { email: 'x', isAdmin: true })
    expect(status).to.equal(400)
    expect(body.errors.map(({ field }) => field)).to.have.members(['email', 'password', 'isAdmin'])
  })

  it('leaves a line in the log of security events, which nobody can change', async () => {
    const { userID, email } = await auth.member()
    await auth.logIn(email)
    await auth.logIn(email, { password: 'wrong' })
    const rows = await auth.query<{ event: string }>('select event from audit where account_id = $1 order by id', [
      userID,
    ])
    expect(rows.map(({ event }) => event)).to.deep.equal(['credentials.set', 'login.succeeded', 'login.failed'])
    for (const sql of ['delete from audit', `update audit set event = ''`, 'truncate audit']) {
      const refused = await auth.query(sql).catch((error: Error) => error.message)
      expect(refused).to.equal('the audit log is append-only')
    }
  })

  it('stores neither passwords nor tokens as they are', async () => {
    const { email } = await auth.member()
    const { refreshToken } = (await auth.logIn(email)).body.data
    const tables = await auth.query<{ table_name: string }>(
      `select table_name from information_schema.tables where table_schema = 'auth'`,
    )
    for (const { table_name } of tables) {
      const [row] = await auth.query<{ all: string }>(
        `select coalesce(string_agg(t::text, ' '), '') as all from ${table_name} t`,
      )
      expect(row?.all).not.to.contain(PASSWORD).and.not.to.contain(refreshToken)
    }
  })
})

/** Algorithm, version, memory, passes and threads: what of a hash decides how long it takes. */
const costOf = (hash: string): string => hash.split('$').slice(0, 4).join('$')
