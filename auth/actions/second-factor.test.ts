import { expect } from 'chai'
import { amidTransaction } from '../../test/support/amid-transaction.ts'
import { type Auth, callerOf, claimsOf, codeOf, runAuth, tally } from '../../test/support/auth.ts'

const WRONG_CODES = ['000000', '111111', '222222', '333333', '444444']

describe('second factor', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ nodes: 2 })
  })
  after(() => auth.stop())

  async function enrolled() {
    const member = await auth.member()
    return { ...member, ...(await auth.withSecondFactor(member.userID)) }
  }

  const verify = (mfaToken: string, proof: { code?: string; backupCode?: string }) =>
    auth.post('mfa/verify', { mfaToken, ...proof })

  describe('enrolment', () => {
    it('gives a secret as text, as an address and as a picture', async () => {
      const { userID, email } = await auth.member()
      const { status, body } = await auth.post('mfa/totp/enroll', undefined, await auth.justSignedIn(userID))
      expect(status).to.equal(200)
      const { secret, otpauthUrl, qr, qrSvg } = body.data
      expect(decodeURIComponent(otpauthUrl ?? '')).to.contain(`otpauth://totp/Jade Palace:${email}?secret=${secret}&`)
      const png = Buffer.from(qr?.replace('data:image/png;base64,', '') ?? '', 'base64')
      expect(png.subarray(1, 4).toString()).to.equal('PNG')
      expect(qrSvg).to.match(/^<svg .*<\/svg>\s*$/s)
    })

    it('counts from the first right code on, and brings ten backup codes', async () => {
      const { userID, email } = await auth.member()
      const as = await auth.justSignedIn(userID)
      await auth.post('mfa/totp/enroll', undefined, as)
      expect((await auth.post('mfa/totp/confirm', { code: '000000' }, as)).body.code).to.equal('INVALID_CODE')
      expect((await auth.logIn(email)).body.data).to.have.property('accessToken')
      const { backupCodes } = await auth.withSecondFactor(userID)
      expect(new Set(backupCodes)).to.have.property('size', 10)
      const { body } = await auth.logIn(email)
      expect(body.data).to.have.all.keys('mfaRequired', 'mfaToken', 'methods')
      expect(body.data['methods']).to.deep.equal(['totp', 'backup_code'])
    })

    it('stores the secret sealed', async () => {
      const { userID, secret } = await enrolled()
      const [row] = await auth.query<{ all: string }>('select t::text as all from totp t where account_id = $1', [
        userID,
      ])
      expect(row?.all).not.to.contain(secret)
    })

    it('does not let a new secret replace one in force', async () => {
      const { userID, code } = await enrolled()
      const as = await auth.justSignedIn(userID)
      expect((await auth.post('mfa/totp/enroll', undefined, as)).status).to.equal(409)
      expect((await auth.post('mfa/totp/confirm', { code: await code(1) }, as)).status).to.equal(409)
    })

    it('asks for a user or an mfaToken', async () => {
      expect((await auth.post('mfa/totp/enroll')).status).to.equal(401)
      expect((await auth.post('mfa/totp/enroll', { mfaToken: 'never-was' })).status).to.equal(401)
      expect((await auth.post('mfa/totp/confirm', { mfaToken: 'never-was', code: '000000' })).status).to.equal(401)
    })

    it('wants an enrolment before a confirmation', async () => {
      const { userID } = await auth.member()
      const { body } = await auth.post('mfa/totp/confirm', { code: '000000' }, { 'x-user-id': userID })
      expect(body.code).to.equal('MFA_NOT_ENROLLED')
    })
  })

  describe('staff', () => {
    for (const role of ['staff', 'admin']) {
      it(`lets ${role} without one do nothing but enrol, then sign in with it`, async () => {
        const { email } = await auth.member({ roles: [role] })
        const first = (await auth.logIn(email)).body.data
        expect(first).to.have.all.keys('mfaEnrollmentRequired', 'mfaToken')
        expect((await verify(first['mfaToken'] ?? '', { code: '000000' })).status).to.equal(401)

        const mfaToken = first['mfaToken']
        const { secret = '' } = (await auth.post('mfa/totp/enroll', { mfaToken })).body.data
        const confirmed = await auth.post('mfa/totp/confirm', { mfaToken, code: await codeOf(secret) })
        expect(confirmed.body.data.backupCodes).to.have.lengthOf(10)
        expect((await auth.post('mfa/totp/enroll', { mfaToken })).status).to.equal(401)

        const { body } = await verify(await auth.mfaToken(email), { code: await codeOf(secret, 1) })
        expect(claimsOf(body.data['accessToken'])).to.deep.include({ roles: [role], amr: ['pwd', 'otp'] })
      })
    }

    it('gets no session on a password alone, also where the role comes while the login is under way', async () => {
      const { userID, email } = await auth.member()
      const { status, body } = await amidTransaction(
        auth,
        [[`update accounts set roles = '{staff}' where id = $1`, [userID]]],
        () => auth.logIn(email),
      )
      expect([status, body.data]).to.deep.equal([403, undefined])
      expect(await auth.query('select from sessions where account_id = $1', [userID])).to.deep.equal([])
      expect((await auth.logIn(email)).body.data).to.have.property('mfaEnrollmentRequired')
    })

    it('does not take the mfaToken of a login that is to show a code for one that may enrol', async () => {
      const { email } = await enrolled()
      const mfaToken = await auth.mfaToken(email)
      expect((await auth.post('mfa/totp/enroll', { mfaToken })).status).to.equal(401)
    })
  })

  describe('verification', () => {
    it('finishes the login, and keeps the methods over a refresh', async () => {
      const { email, code } = await enrolled()
      const { status, body } = await verify(await auth.mfaToken(email), { code: await code() })
      expect(status).to.equal(200)
      expect(body.data).to.include({ tokenType: 'Bearer', expiresIn: 600 })
      const refreshed = await auth.post('refresh', { refreshToken: body.data['refreshToken'] })
      expect(claimsOf(refreshed.body.data['accessToken']).amr).to.deep.equal(['pwd', 'otp'])
    })

    it('takes the code of one step before or after, not of two', async () => {
      const { email, code } = await enrolled()
      const mfaToken = await auth.mfaToken(email)
      expect((await verify(mfaToken, { code: await code(-2) })).status).to.equal(401)
      expect((await verify(mfaToken, { code: await code(2) })).status).to.equal(401)
      expect((await verify(mfaToken, { code: await code(1) })).status).to.equal(200)
    })

    it('follows a clock that is off more and more', async () => {
      const { email, code } = await enrolled()
      for (const [steps, status] of [
        [1, 200],
        [2, 200],
        [4, 401],
        [3, 200],
      ] as const)
        expect((await verify(await auth.mfaToken(email), { code: await code(steps) })).status, `${steps}`).to.equal(
          status,
        )
    })

    it('rejects a code that was used, and the code that confirmed the enrolment', async () => {
      const { email, code } = await enrolled()
      expect((await verify(await auth.mfaToken(email), { code: await code(-1) })).status).to.equal(401)
      const now = await code()
      expect((await verify(await auth.mfaToken(email), { code: now })).status).to.equal(200)
      expect((await verify(await auth.mfaToken(email), { code: now })).body.code).to.equal('INVALID_CODE')
    })

    it('lets one of eight simultaneous uses of a code win, on two nodes', async () => {
      const { email, code } = await enrolled()
      const tokens = await Promise.all(Array.from({ length: 5 }, () => auth.mfaToken(email)))
      const now = await code()
      const answers = await Promise.all([...tokens, ...tokens.slice(2)].map((token) => verify(token, { code: now })))
      expect(tally(answers)).to.deep.equal({ 200: 1, 401: 7 })
    })

    it('takes each backup code once, however it is written', async () => {
      const { userID, email, backupCodes } = await enrolled()
      const backupCode = (backupCodes[0] ?? '').toUpperCase().replaceAll('-', ' ')
      const { body } = await verify(await auth.mfaToken(email), { backupCode })
      expect(claimsOf(body.data['accessToken']).amr).to.deep.equal(['pwd', 'otp'])
      expect((await verify(await auth.mfaToken(email), { backupCode })).status).to.equal(401)
      const me = await auth.call<{ data: { mfa: object } }>('/api/v1/auth/me', {
        headers: callerOf(body.data['accessToken']),
      })
      expect(me.body.data.mfa).to.deep.equal({ enabled: true, backupCodesLeft: 9 })
      expect(userID).to.equal(claimsOf(body.data['accessToken']).sub)
    })

    it('lets one of five simultaneous uses of a backup code win, on two nodes', async () => {
      const { email, backupCodes } = await enrolled()
      const tokens = await Promise.all(Array.from({ length: 5 }, () => auth.mfaToken(email)))
      const answers = await Promise.all(tokens.map((token) => verify(token, { backupCode: backupCodes[0] ?? '' })))
      expect(tally(answers)).to.deep.equal({ 200: 1, 401: 4 })
    })

    it('takes an mfaToken once, and only within five minutes', async () => {
      const { userID, email, code, backupCodes } = await enrolled()
      const mfaToken = await auth.mfaToken(email)
      expect((await verify(mfaToken, { code: await code() })).status).to.equal(200)
      expect((await verify(mfaToken, { backupCode: backupCodes[0] ?? '' })).body.code).to.equal('MFA_TOKEN_INVALID')

      const late = await auth.mfaToken(email)
      await auth.query(`update mfa_tokens set expires_at = expires_at - interval '5 minutes' where account_id = $1`, [
        userID,
      ])
      expect((await verify(late, { backupCode: backupCodes[0] ?? '' })).body.code).to.equal('MFA_TOKEN_INVALID')
    })

    it('ends the mfaToken after five failures; a new login goes on', async () => {
      const { email, backupCodes } = await enrolled()
      const mfaToken = await auth.mfaToken(email)
      for (const code of WRONG_CODES) expect((await verify(mfaToken, { code })).body.code).to.equal('INVALID_CODE')
      expect((await verify(mfaToken, { backupCode: backupCodes[0] ?? '' })).body.code).to.equal('MFA_TOKEN_INVALID')
      expect((await verify(await auth.mfaToken(email), { backupCode: backupCodes[0] ?? '' })).status).to.equal(200)
    })

    it('judges no more than five of thirty parallel guesses', async () => {
      const { email } = await enrolled()
      const mfaToken = await auth.mfaToken(email)
      const guesses = await Promise.all(Array.from({ length: 30 }, () => verify(mfaToken, { code: '000000' })))
      const codes = guesses.map(({ body }) => body.code)
      expect(codes.filter((code) => code === 'INVALID_CODE')).to.have.lengthOf(5)
      expect(codes.filter((code) => code === 'MFA_TOKEN_INVALID')).to.have.lengthOf(25)
    })

    it('locks after ten failures over several logins, also for whoever knows the password', async () => {
      const { email, backupCodes } = await enrolled()
      for (const mfaToken of [await auth.mfaToken(email), await auth.mfaToken(email)]) {
        for (const code of WRONG_CODES) await verify(mfaToken, { code })
      }
      const { status, headers } = await verify(await auth.mfaToken(email), { backupCode: backupCodes[0] ?? '' })
      expect(status).to.equal(429)
      expect(Number(headers.get('retry-after'))).to.be.within(50, 60)
    })

    it('does not finish the login of an account that was disabled meanwhile', async () => {
      const { userID, email, code } = await enrolled()
      const mfaToken = await auth.mfaToken(email)
      await auth.query('update accounts set disabled_at = now() where id = $1', [userID])
      expect((await verify(mfaToken, { code: await code() })).status).to.equal(403)
    })

    it('waits for a password that is being replaced, and does not finish the login then', async () => {
      const { userID, email, code } = await enrolled()
      const mfaToken = await auth.mfaToken(email)
      const proof = { code: await code() }
      const { body } = await amidTransaction(
        auth,
        [
          [`update accounts set password_hash = '' where id = $1`, [userID]],
          ['delete from mfa_tokens where account_id = $1', [userID]],
        ],
        () => verify(mfaToken, proof),
      )
      expect(body.code).to.equal('MFA_TOKEN_INVALID')
    })

    it('wants either a code or a backup code', async () => {
      const none = await verify('x', {})
      const both = await verify('x', { code: '000000', backupCode: 'x' })
      for (const { status, body } of [none, both]) {
        expect(status).to.equal(400)
        expect(body.errors.map(({ field }) => field)).to.deep.equal(['code'])
      }
    })
  })
})
