import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { type Auth, callerOf, claimsOf, PASSWORD, runAuth, tally } from '../../test/support/auth.ts'

describe('step-up', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ nodes: 2 })
  })
  after(() => auth.stop())

  /** Signed in with a password alone, and then given a second factor. */
  async function enrolled({ roles = [] as string[] } = {}) {
    const member = await auth.member()
    const { accessToken, refreshToken } = (await auth.logIn(member.email)).body.data
    await auth.query('update accounts set roles = $2 where id = $1', [member.userID, roles])
    const factor = await auth.withSecondFactor(member.userID)
    return { ...member, ...factor, accessToken, refreshToken, caller: callerOf(accessToken) }
  }

  const stepUp = (code: string, caller: Record<string, string>) => auth.post('step-up', { code }, caller)
  const verify = (mfaToken: string, proof: object) => auth.post('mfa/verify', { mfaToken, ...proof })
  /** As if an hour had passed. */
  const age = (sid: string | undefined) =>
    auth.query(`update sessions set authenticated_at = to_timestamp(1700000000) where id = $1`, [sid])

  it('gives the same session a token that says when and how', async () => {
    const { code, accessToken, caller } = await enrolled()
    const { sid, amr } = claimsOf(accessToken)
    expect(amr).to.deep.equal(['pwd'])
    await age(sid)
    const { status, body } = await stepUp(await code(), caller)
    expect(status).to.equal(200)
    expect(body.data).to.have.all.keys('accessToken', 'tokenType', 'expiresIn')
    const fresh = claimsOf(body.data['accessToken'])
    expect(fresh).to.deep.include({ sid, amr: ['pwd', 'otp'] })
    const [row] = await auth.query(
      'select floor(extract(epoch from authenticated_at))::integer as at from sessions where id = $1',
      [sid],
    )
    expect(fresh.auth_time).to.equal(row?.['at']).and.not.to.equal(1_700_000_000)
  })

  it('is not freshened by a refresh, which keeps what it says', async () => {
    const { code, accessToken, refreshToken, caller } = await enrolled()
    await stepUp(await code(), caller)
    await age(claimsOf(accessToken).sid)
    const { body } = await auth.post('refresh', { refreshToken })
    expect(claimsOf(body.data['accessToken'])).to.deep.include({ amr: ['pwd', 'otp'], auth_time: 1_700_000_000 })
  })

  it('takes no code that was used before, here or at the login', async () => {
    const { email, code, caller } = await enrolled()
    const [now, next] = [await code(), await code(1)]
    expect((await verify(await auth.mfaToken(email), { code: now })).status).to.equal(200)
    expect((await stepUp(now, caller)).body.code).to.equal('INVALID_CODE')
    expect((await stepUp(next, caller)).status).to.equal(200)
    expect((await stepUp(next, caller)).body.code).to.equal('INVALID_CODE')
  })

  it('lets one of eight simultaneous uses of a code win, for a login or a step-up, on two nodes', async () => {
    const { email, code, caller } = await enrolled()
    const tokens = await Promise.all(Array.from({ length: 4 }, () => auth.mfaToken(email)))
    const now = await code()
    const uses = tokens.flatMap((token) => [verify(token, { code: now }), stepUp(now, caller)])
    expect(tally(await Promise.all(uses))).to.deep.equal({ 200: 1, 401: 7 })
  })

  it('is for a session that is still open', async () => {
    const { code, caller } = await enrolled()
    await auth.post('logout', undefined, caller)
    expect((await stepUp(await code(), caller)).body.code).to.equal('UNAUTHENTICATED')
  })

  it('wants a code, and somebody who is signed in', async () => {
    const { caller } = await enrolled()
    expect((await stepUp('12345', caller)).status).to.equal(400)
    expect((await auth.post('step-up', { code: '000000' })).status).to.equal(401)
    const member = await auth.member()
    const { accessToken } = (await auth.logIn(member.email)).body.data
    expect((await stepUp('000000', callerOf(accessToken))).body.code).to.equal('INVALID_CODE')
  })

  it('judges ten guesses at an account in all, over sessions, logins and nodes', async () => {
    const { email, code, caller } = await enrolled()
    const tokens = await Promise.all(Array.from({ length: 4 }, () => auth.mfaToken(email)))
    const guesses = tokens.flatMap((token) => [
      ...Array.from({ length: 5 }, () => verify(token, { code: '000000' })),
      ...Array.from({ length: 5 }, () => stepUp('000000', caller)),
    ])
    expect(tally(await Promise.all(guesses))).to.deep.equal({ 401: 10, 429: 30 })
    expect((await stepUp(await code(), caller)).status).to.equal(429)
  })

  it('or a sign-in of the last five minutes is what an enrolment wants, beside an access token, which may be stolen', async () => {
    const { email } = await auth.member()
    const { accessToken } = (await auth.logIn(email)).body.data
    const [as, { sid }] = [callerOf(accessToken), claimsOf(accessToken)]
    const enrol = (caller: Record<string, string>) => auth.post('mfa/totp/enroll', undefined, caller)
    const signedIn = (secondsAgo: number) =>
      auth.query('update sessions set authenticated_at = now() - make_interval(secs => $2) where id = $1', [
        sid,
        secondsAgo,
      ])
    await signedIn(240)
    expect((await enrol(as)).status).to.equal(200)
    await signedIn(301)
    const { status, body, headers } = await enrol(as)
    expect([status, body.code]).to.deep.equal([401, 'STEP_UP_REQUIRED'])
    expect(headers.get('www-authenticate')).to.match(
      /^Bearer error="insufficient_user_authentication".* max_age="300"$/,
    )
    expect((await enrol({ ...as, 'x-session-id': randomUUID() })).body.code).to.equal('UNAUTHENTICATED')
  })

  describe('by password', () => {
    const prove = (password: string, caller: Record<string, string>) => auth.post('step-up', { password }, caller)

    async function signedIn() {
      const member = await auth.member()
      const { accessToken } = (await auth.logIn(member.email)).body.data
      await age(claimsOf(accessToken).sid)
      return { ...member, accessToken, caller: callerOf(accessToken) }
    }

    it('freshens the session of an account without a second factor, which can be enrolled then', async () => {
      const { accessToken, caller } = await signedIn()
      expect((await auth.post('mfa/totp/enroll', undefined, caller)).status).to.equal(401)
      const { status, body } = await prove(PASSWORD, caller)
      expect(status).to.equal(200)
      const fresh = claimsOf(body.data['accessToken'])
      expect(fresh).to.deep.include({ sid: claimsOf(accessToken).sid, amr: ['pwd'] })
      expect(fresh.auth_time).to.be.greaterThan(1_700_000_000)
      expect((await auth.post('mfa/totp/enroll', undefined, caller)).status).to.equal(200)
    })

    it('is not for an account that has a second factor', async () => {
      const { code, caller } = await enrolled()
      const { status, body } = await prove(PASSWORD, caller)
      expect([status, body.code]).to.deep.equal([403, 'CODE_REQUIRED'])
      expect((await stepUp(await code(), caller)).status).to.equal(200)
    })

    it('says no more of a code that was shown, once there is no second factor any more', async () => {
      const { code, caller } = await enrolled()
      await stepUp(await code(), caller)
      await auth.post('mfa/totp/disable', undefined, caller)
      expect(claimsOf((await prove(PASSWORD, caller)).body.data['accessToken']).amr).to.deep.equal(['pwd'])
    })

    it('counts a wrong one as a failed login, and leaves a line', async () => {
      const { userID, caller, email } = await signedIn()
      const answers = []
      for (let i = 0; i < 6; i++) answers.push(await prove('not the right one', caller))
      expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 401, 401, 401, 429])
      expect(answers[0]?.body.code).to.equal('INVALID_CREDENTIALS')
      expect((await auth.logIn(email)).status).to.equal(429)
      const lines = await auth.query(`select from audit where event = 'session.step_up_failed' and account_id = $1`, [
        userID,
      ])
      expect(lines).to.have.lengthOf(5)
    })

    it('is for a session that is still open, and not together with a code', async () => {
      const { caller } = await signedIn()
      expect((await auth.post('step-up', { password: PASSWORD, code: '000000' }, caller)).status).to.equal(400)
      await auth.post('logout', undefined, caller)
      expect((await prove(PASSWORD, caller)).body.code).to.equal('UNAUTHENTICATED')
    })
  })

  describe('backup codes', () => {
    it('are renewed as ten, and the old ones end', async () => {
      const { email, backupCodes, caller } = await enrolled()
      const renewed = (await auth.post('mfa/backup-codes', undefined, caller)).body.data.backupCodes
      expect(new Set(renewed)).to.have.property('size', 10)
      const mfaToken = await auth.mfaToken(email)
      expect((await verify(mfaToken, { backupCode: backupCodes[0] })).status).to.equal(401)
      expect((await verify(mfaToken, { backupCode: renewed[0] })).status).to.equal(200)
    })

    it('are ten also when they are renewed twice at once', async () => {
      const { userID, caller } = await enrolled()
      const renewals = Array.from({ length: 6 }, () => auth.post('mfa/backup-codes', undefined, caller))
      expect(tally(await Promise.all(renewals))).to.deep.equal({ 200: 6 })
      expect(await auth.query('select from backup_codes where account_id = $1', [userID])).to.have.lengthOf(10)
    })
  })

  describe('disabling the second factor', () => {
    it('brings back the login by password, and ends the backup codes', async () => {
      const { userID, email, caller } = await enrolled()
      const mfaToken = await auth.mfaToken(email)
      expect((await auth.post('mfa/totp/disable', undefined, caller)).status).to.equal(200)
      expect((await auth.logIn(email)).body.data).to.have.property('accessToken')
      expect((await verify(mfaToken, { code: '000000' })).body.code).to.equal('MFA_TOKEN_INVALID')
      expect(await auth.query('select from backup_codes where account_id = $1', [userID])).to.deep.equal([])
      const lines = await auth.query(`select from audit where event = 'mfa.disabled' and account_id = $1`, [userID])
      expect(lines).to.have.lengthOf(1)
    })

    for (const role of ['staff', 'admin'])
      it(`is not for ${role}`, async () => {
        const { email, caller } = await enrolled({ roles: [role] })
        const { status, body } = await auth.post('mfa/totp/disable', undefined, caller)
        expect([status, body.code]).to.deep.equal([403, 'MFA_MANDATORY'])
        expect((await auth.logIn(email)).body.data).to.have.property('mfaRequired')
      })
  })

  it('has nothing to change where no second factor is in force', async () => {
    const { userID } = await auth.member()
    const caller = await auth.justSignedIn(userID)
    await auth.post('mfa/totp/enroll', undefined, caller)
    for (const path of ['mfa/totp/disable', 'mfa/backup-codes'])
      expect((await auth.post(path, undefined, caller)).body.code, path).to.equal('MFA_NOT_ENROLLED')
  })
})
