import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { type Auth, callerOf, claimsOf, runAuth } from '../../test/support/auth.ts'

interface View {
  status: string
  code: string
  data: { roles: string[]; lockedUntil: string | null; lastSignInAt: string | null; mfa: { enabled: boolean } }
}

describe('accounts, for staff and admins', () => {
  let auth: Auth
  let adminID: string
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ nodes: 2 })
    adminID = (await auth.member({ roles: ['admin'] })).userID
  })
  after(() => auth.stop())

  const by = (actorID: string) => ({ 'x-user-id': actorID, 'x-user-roles': 'admin', 'x-user-amr': 'pwd,otp' })
  const read = (userID: string, part = '') =>
    auth.call<View>(`/api/v1/auth/accounts/${userID}${part}`, { headers: by(adminID) })
  const setRoles = (userID: string, roles: string[], actorID = adminID) =>
    auth.call<View>(`/api/v1/auth/accounts/${userID}/roles`, { method: 'PUT', body: { roles }, headers: by(actorID) })

  it('show roles, second factor, lock and last sign-in, and nothing secret', async () => {
    const { userID, email } = await auth.member({ roles: ['staff'] })
    await auth.withSecondFactor(userID)
    const before = (await read(userID)).body.data
    expect(before).to.deep.equal({
      ...{ userID, email, status: 'active', roles: ['staff'], hasPassword: true },
      ...{ mfa: { enabled: true }, lockedUntil: null, lastSignInAt: null },
    })
    for (let i = 0; i < 5; i++) await auth.logIn(email, { password: 'wrong' })
    expect(Date.parse((await read(userID)).body.data.lockedUntil ?? '')).to.be.above(Date.now())
  })

  it('show when somebody last signed in, also when that session is gone', async () => {
    const { userID, email } = await auth.member()
    await auth.logIn(email)
    await auth.query('delete from sessions where account_id = $1', [userID])
    expect((await read(userID)).body.data.lastSignInAt).to.be.a('string')
  })

  it('that nobody has are a 404, and ids that are none a 400', async () => {
    for (const part of ['', '/roles']) expect((await read(randomUUID(), part)).status).to.equal(404)
    expect((await setRoles(randomUUID(), ['staff'])).status).to.equal(404)
    expect((await read('x')).status).to.equal(400)
  })

  describe('roles', () => {
    it('are given and shown, and sessions begun without them end', async () => {
      const { userID, email } = await auth.member()
      const { accessToken } = (await auth.logIn(email)).body.data
      expect((await setRoles(userID, ['staff'])).status).to.equal(200)
      expect((await read(userID, '/roles')).body.data).to.deep.equal({ userID, roles: ['staff'] })
      expect(await auth.redis.exists(`revoked:${claimsOf(accessToken).sid}`)).to.equal(1)
      expect((await auth.logIn(email)).body.data).to.include({ mfaEnrollmentRequired: true })
    })

    it('are taken away: the sessions are over at once', async () => {
      const { userID, email } = await auth.member({ roles: ['admin'] })
      const { code } = await auth.withSecondFactor(userID)
      const proof = { mfaToken: await auth.mfaToken(email), code: await code() }
      const { accessToken, refreshToken } = (await auth.post('mfa/verify', proof)).body.data
      await setRoles(userID, [])
      expect(await auth.redis.exists(`revoked:${claimsOf(accessToken).sid}`)).to.equal(1)
      expect((await auth.post('refresh', { refreshToken })).status).to.equal(401)
      const ended = `select actor_id from audit where event = 'session.ended' and account_id = $1`
      expect(await auth.query(ended, [userID])).to.deep.equal([{ actor_id: adminID }])
    })

    it('that stay as they are end nothing', async () => {
      const { userID, email } = await auth.member()
      const { refreshToken } = (await auth.logIn(email)).body.data
      await setRoles(userID, [])
      expect((await auth.post('refresh', { refreshToken })).status).to.equal(200)
    })

    it('are known ones', async () => {
      const { userID } = await auth.member()
      for (const roles of [['root'], ['staff', 'staff']]) expect((await setRoles(userID, roles)).status).to.equal(400)
    })

    it('are not given to whoever has not confirmed the address', async () => {
      const { userID } = await auth.member()
      await auth.query('update accounts set confirmed_at = null where id = $1', [userID])
      expect((await setRoles(userID, ['staff'])).body.code).to.equal('ACCOUNT_NOT_ACTIVE')
    })

    it('leave an admin, also when the last two take each other’s away at once', async () => {
      await auth.query(`update accounts set roles = '{}' where 'admin' = any(roles)`)
      const [one, other] = [await auth.member({ roles: ['admin'] }), await auth.member({ roles: ['admin'] })]
      const answers = await Promise.all([
        setRoles(one.userID, [], other.userID),
        setRoles(other.userID, ['staff'], one.userID),
      ])
      expect(answers.map(({ status }) => status)).to.have.members([200, 409])
      expect(answers.map(({ body }) => body.code)).to.include('LAST_ADMIN')
      expect(await auth.query(`select from accounts where 'admin' = any(roles)`)).to.have.lengthOf(1)
    })
  })

  it('are unlocked by an admin', async () => {
    const { userID, email } = await auth.member()
    for (let i = 0; i < 5; i++) await auth.logIn(email, { password: 'wrong' })
    const path = `/api/v1/auth/accounts/${userID}/unlock`
    expect((await auth.call(path, { method: 'POST', headers: by(adminID) })).status).to.equal(200)
    expect((await auth.logIn(email)).status).to.equal(200)
    const [line] = await auth.query(`select actor_id from audit where event = 'account.unlocked' and account_id = $1`, [
      userID,
    ])
    expect(line).to.deep.equal({ actor_id: adminID })
  })

  it('whose second factor changes have the owner told', async () => {
    const { userID, email } = await auth.member()
    const { code } = await auth.withSecondFactor(userID)
    const { accessToken } = (
      await auth.post('mfa/verify', { mfaToken: await auth.mfaToken(email), code: await code() })
    ).body.data
    for (const path of ['mfa/backup-codes', 'mfa/totp/disable']) {
      expect((await auth.post(path, undefined, callerOf(accessToken))).status).to.equal(200)
    }
    const notes = await auth.bus.about(userID, 'account.security.noted', 3)
    expect(notes.map(({ value }) => JSON.parse(String(value)))).to.deep.equal(
      ['second_factor_enabled', 'backup_codes_renewed', 'second_factor_disabled'].map((noted) => ({
        ...{ userID, email, noted },
      })),
    )
  })
})
