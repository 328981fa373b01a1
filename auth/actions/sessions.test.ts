import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { type Auth, callerOf, claimsOf, runAuth, tally } from '../../test/support/auth.ts'

interface SessionView {
  id: string
  current: boolean
  device: string
  signedInAt: string
  lastUsedAt: string
  address: string
}

describe('sessions', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ nodes: 2 })
  })
  after(() => auth.stop())

  async function signedIn() {
    const { userID, email } = await auth.member()
    return { userID, email, ...(await again(email)) }
  }

  async function again(email: string) {
    const { accessToken = '', refreshToken = '' } = (await auth.logIn(email)).body.data
    return { accessToken, refreshToken, sid: claimsOf(accessToken).sid, headers: callerOf(accessToken) }
  }

  const refresh = (refreshToken: string | undefined) => auth.post('refresh', { refreshToken })
  const isRevoked = async (sid: string) => (await auth.redis.exists(`revoked:${sid}`)) === 1
  const revoked = (sid: string) => until(() => isRevoked(sid), { within: 5_000, what: `revoked:${sid}` })
  const list = (headers: Record<string, string>, query = '') =>
    auth.call<{ data: SessionView[]; meta: object }>(`/api/v1/auth/sessions${query}`, { headers })

  describe('refresh', () => {
    it('gives new tokens of the same session', async () => {
      const { refreshToken, accessToken, sid } = await signedIn()
      const { status, body } = await refresh(refreshToken)
      expect(status).to.equal(200)
      expect(body.data['refreshToken']).not.to.equal(refreshToken)
      expect(claimsOf(body.data['accessToken'])).to.include({ sid, sub: claimsOf(accessToken).sub })
      expect((await refresh(body.data['refreshToken'])).status).to.equal(200)
    })

    it('takes over the roles as they are now', async () => {
      const { userID, refreshToken } = await signedIn()
      await auth.query(`update accounts set roles = '{editor}' where id = $1`, [userID])
      const { accessToken } = (await refresh(refreshToken)).body.data
      expect(claimsOf(accessToken).roles).to.deep.equal(['editor'])
    })

    it('ends the session when a spent token comes again, and leaves a line in the log', async () => {
      const { userID, refreshToken, sid } = await signedIn()
      const next = (await refresh(refreshToken)).body.data['refreshToken']
      const reused = await refresh(refreshToken)
      expect(reused.status).to.equal(401)
      expect(reused.body.code).to.equal('INVALID_REFRESH_TOKEN')
      expect((await refresh(next)).status).to.equal(401)
      expect(await isRevoked(sid)).to.equal(true)
      expect(await auth.redis.ttl(`revoked:${sid}`)).to.be.within(600, 660)
      const lines = await auth.query(`select from audit where event = 'refresh.reused' and account_id = $1`, [userID])
      expect(lines).to.have.lengthOf(1)
    })

    it('leaves the other sessions alone when one is ended', async () => {
      const { email, refreshToken } = await signedIn()
      const other = await again(email)
      await refresh(refreshToken)
      await refresh(refreshToken)
      expect((await refresh(other.refreshToken)).status).to.equal(200)
    })

    it('lets one of twenty simultaneous uses win, on two nodes, and ends the session', async () => {
      const { refreshToken, sid } = await signedIn()
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)))
      expect(tally(answers)).to.deep.equal({ 200: 1, 401: 19 })
      const winner = answers.find(({ status }) => status === 200)
      expect((await refresh(winner?.body.data['refreshToken'])).status).to.equal(401)
      expect(await isRevoked(sid)).to.equal(true)
    })

    it('refuses a token that has expired, and one that never was', async () => {
      const { refreshToken, sid } = await signedIn()
      await auth.query('update refresh_tokens set expires_at = now() where session_id = $1', [sid])
      expect((await refresh(refreshToken)).status).to.equal(401)
      expect((await refresh('never-was')).status).to.equal(401)
    })
  })

  describe('logout', () => {
    it('ends the session of the access token', async () => {
      const { headers, refreshToken, sid } = await signedIn()
      expect((await auth.post('logout', undefined, headers)).status).to.equal(200)
      expect(await isRevoked(sid)).to.equal(true)
      expect((await refresh(refreshToken)).status).to.equal(401)
    })

    it('ends the session of a refresh token, for whoever has no access token any more', async () => {
      const { refreshToken, sid } = await signedIn()
      expect((await auth.post('logout', { refreshToken })).status).to.equal(200)
      expect(await isRevoked(sid)).to.equal(true)
    })

    it('asks for one of the two', async () => {
      expect((await auth.post('logout')).status).to.equal(401)
      expect((await auth.post('logout', { refreshToken: 'never-was' })).status).to.equal(401)
    })

    it('ends any number of sessions in as many statements as one', async () => {
      const { userID, headers } = await signedIn()
      await auth.query(
        `insert into sessions (id, account_id, amr, authenticated_at, address, device, expires_at)
         select gen_random_uuid(), $1, '{pwd}', now(), '10.0.0.1', 'Chrome', now() + interval '1 day' from generate_series(1, 2000)`,
        [userID],
      )
      await auth.query(`
        create table statements (at timestamptz);
        create function count_statement() returns trigger language plpgsql as
          $$ begin insert into auth.statements values (now()); return null; end $$;
        create trigger counted after insert on audit for each statement execute function count_statement()`)
      const out = await auth.post('logout-all', undefined, headers)
      await auth.query('drop trigger counted on audit')
      expect(out.body.data).to.deep.equal({ sessions: 2001 })
      expect(await auth.query('select from statements')).to.have.lengthOf(1)
      const lines = await auth.query(
        `select distinct session_id from audit where account_id = $1 and event = 'session.ended' and address is not null`,
        [userID],
      )
      expect(lines).to.have.lengthOf(2001)
    })

    it('ends all sessions at once with logout-all', async () => {
      const { email, headers, refreshToken, sid } = await signedIn()
      const other = await again(email)
      const { body } = await auth.post('logout-all', undefined, headers)
      expect(body.data).to.deep.equal({ sessions: 2 })
      for (const token of [refreshToken, other.refreshToken]) expect((await refresh(token)).status).to.equal(401)
      expect(await Promise.all([sid, other.sid].map(isRevoked))).to.deep.equal([true, true])
    })
  })

  describe('list', () => {
    it('shows where one is signed in, page by page, and which session is the current one', async () => {
      const { email, headers, sid } = await signedIn()
      const other = await again(email)
      const { body } = await list(headers)
      expect(body.data.map(({ id }) => id)).to.have.members([sid, other.sid])
      expect(body.data.filter(({ current }) => current).map(({ id }) => id)).to.deep.equal([sid])
      expect(body.data[0]?.address).to.match(/^10\./)
      expect(body.data[0]).to.have.all.keys('id amr address device signedInAt lastUsedAt expiresAt current'.split(' '))
      expect(body.data[0]?.device).to.equal('node')
      expect(body.meta).to.deep.equal({ page: 1, limit: 20, total: 2 })
      expect((await list(headers, '?limit=1&page=2')).body.data).to.have.lengthOf(1)
    })

    it('shows neither ended nor expired sessions, nor those of others', async () => {
      const { email, headers, sid } = await signedIn()
      const [ended, expired] = [await again(email), await again(email)]
      await auth.post('logout', undefined, ended.headers)
      await auth.query('update sessions set expires_at = now() where id = $1', [expired.sid])
      expect((await list(headers)).body.data.map(({ id }) => id)).to.deep.equal([sid])
    })

    it('ends one session of the list, once', async () => {
      const { email, headers } = await signedIn()
      const other = await again(email)
      const path = `/api/v1/auth/sessions/${other.sid}`
      expect((await auth.call(path, { method: 'DELETE', headers })).status).to.equal(200)
      expect(await isRevoked(other.sid)).to.equal(true)
      expect((await refresh(other.refreshToken)).status).to.equal(401)
      expect((await auth.call(path, { method: 'DELETE', headers })).status).to.equal(404)
    })

    it('ends nobody else’s session', async () => {
      const [me, stranger] = [await signedIn(), await signedIn()]
      const path = `/api/v1/auth/sessions/${stranger.sid}`
      expect((await auth.call(path, { method: 'DELETE', headers: me.headers })).status).to.equal(404)
      expect((await refresh(stranger.refreshToken)).status).to.equal(200)
    })
  })

  it('says who is signed in', async () => {
    const { userID, email, headers, sid } = await signedIn()
    const { body } = await auth.call<{ data: object }>('/api/v1/auth/me', { headers })
    expect(body.data).to.deep.equal({
      userID,
      email,
      roles: [],
      amr: ['pwd'],
      sessionID: sid,
      mfa: { enabled: false, backupCodesLeft: 0 },
    })
  })

  it('asks for a signed-in user on me, sessions and logout-all', async () => {
    for (const path of ['me', 'sessions']) expect((await auth.call(`/api/v1/auth/${path}`)).status).to.equal(401)
    expect((await auth.post('logout-all')).status).to.equal(401)
  })

  describe('while Redis is away', () => {
    afterEach(() => auth.servers.redis.start())

    it('signs in and out all the same, and tells Redis when it is back', async () => {
      const before = await signedIn()
      await auth.servers.redis.stop()
      expect((await auth.logIn(before.email)).status).to.equal(200)
      expect((await auth.post('logout', undefined, before.headers)).status).to.equal(200)
      expect((await refresh(before.refreshToken)).status).to.equal(401)
      await auth.servers.redis.start()
      await revoked(before.sid)
    })

    it('goes on counting failed logins', async () => {
      const { email } = await auth.member()
      await auth.servers.redis.stop()
      const guesses = Array.from({ length: 10 }, () => auth.logIn(email, { password: 'wrong' }))
      expect(tally(await Promise.all(guesses))).to.deep.equal({ 401: 5, 429: 5 })
    })

    it('tells Redis again what it has forgotten', async () => {
      const { headers, sid } = await signedIn()
      await auth.post('logout', undefined, headers)
      await auth.redis.del(`revoked:${sid}`)
      await auth.servers.redis.stop()
      await auth.servers.redis.start()
      await revoked(sid)
    })
  })
})
