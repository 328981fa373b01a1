import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { passwordResetToken } from '../../lib/password-reset-token.ts'
import { type Auth, callerOf, claimsOf, PASSWORD, runAuth, tally } from '../../test/support/auth.ts'

const NEW = 'two pangolins hum along'

describe('passwords', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ nodes: 2 })
  })
  after(() => auth.stop())

  async function signedIn(member: { email: string }) {
    const { accessToken, refreshToken } = (await auth.logIn(member.email)).body.data
    return { headers: callerOf(accessToken), refreshToken, sid: claimsOf(accessToken).sid }
  }
  const isOver = async ({ refreshToken, sid }: { refreshToken: string | undefined; sid: string }) =>
    (await auth.post('refresh', { refreshToken })).status === 401 && (await auth.redis.exists(`revoked:${sid}`)) === 1
  const forgot = (email: string) => auth.post('password/forgot', { email })
  const reset = (token: string | undefined, password = NEW) => auth.post('password/reset', { token, password })

  /** What the link in the mail says, as notifier makes it of the event. */
  async function mailedToken(userID: string, nth = 1): Promise<string> {
    const events = await auth.bus.about(userID, 'account.password.reset.requested', nth)
    return passwordResetToken(JSON.parse(String(events[nth - 1]?.value)).resetID, auth.passwordResetKey)
  }
  const noted = async (userID: string) =>
    (await auth.bus.about(userID, 'account.security.noted')).map(({ value }) => JSON.parse(String(value)).noted)

  async function withLink() {
    const member = await auth.member()
    await forgot(member.email)
    return { ...member, token: await mailedToken(member.userID) }
  }

  describe('forgotten', () => {
    it('are set anew with what was mailed, once, and the owner is told', async () => {
      const { userID, email, token } = await withLink()
      expect((await reset(token)).status).to.equal(200)
      expect((await auth.logIn(email)).status).to.equal(401)
      expect((await auth.logIn(email, { password: NEW })).status).to.equal(200)
      const again = await reset(token, 'three pangolins hum along')
      expect([again.status, again.body.code]).to.deep.equal([400, 'INVALID_TOKEN'])
      expect(await noted(userID)).to.deep.equal(['password_changed'])
    })

    it('end all sessions, unfinished logins and remembered devices when they are set anew', async () => {
      const member = await auth.member()
      const { code } = await auth.withSecondFactor(member.userID)
      const proof = { mfaToken: await auth.mfaToken(member.email), code: await code(), rememberDevice: true }
      const { accessToken, refreshToken } = (await auth.post('mfa/verify', proof)).body.data
      const unfinished = await auth.mfaToken(member.email)
      await forgot(member.email)
      await reset(await mailedToken(member.userID))
      expect(await isOver({ refreshToken, sid: claimsOf(accessToken).sid })).to.equal(true)
      expect((await auth.post('mfa/verify', { mfaToken: unfinished, code: await code(1) })).status).to.equal(401)
      expect(await auth.query('select from devices where account_id = $1', [member.userID])).to.deep.equal([])
    })

    it('keep the second factor', async () => {
      const member = await auth.member()
      await auth.withSecondFactor(member.userID)
      await forgot(member.email)
      await reset(await mailedToken(member.userID))
      expect((await auth.logIn(member.email, { password: NEW })).body.data).to.include({ mfaRequired: true })
    })

    it('unlock the account when they are set anew', async () => {
      const { email, token } = await withLink()
      for (let i = 0; i < 5; i++) await auth.logIn(email, { password: 'wrong' })
      expect((await auth.logIn(email)).status).to.equal(429)
      await reset(token)
      expect((await auth.logIn(email, { password: NEW })).status).to.equal(200)
    })

    it('are set by one of ten simultaneous uses of a link', async () => {
      const { token } = await withLink()
      const uses = Array.from({ length: 10 }, (_, i) => reset(token, `${NEW} ${i}`))
      expect(tally(await Promise.all(uses))).to.deep.equal({ 200: 1, 400: 9 })
    })

    it('are not set by what is forged, expired or mailed to a former address', async () => {
      const { userID, token } = await withLink()
      const [id = '', secret = ''] = token.split('.')
      for (const forged of [`${id}.${secret.slice(1)}`, `${randomUUID()}.${secret}`, id, `${id}.`, 'x']) {
        expect((await reset(forged)).body.code).to.equal('INVALID_TOKEN')
      }
      await auth.query('update accounts set email = $2 where id = $1', [userID, `new-${randomUUID()}@example.com`])
      await auth.query('update password_resets set expires_at = now() where account_id = $1', [userID])
      expect((await reset(token)).body.code).to.equal('INVALID_TOKEN')
    })

    it('are judged as all new ones, and the link stays good', async () => {
      const { email, token } = await withLink()
      for (const weak of ['short', 'qwertyuiop123', email]) {
        const { status, body } = await reset(token, weak)
        expect([status, body.errors.map(({ field }) => field)]).to.deep.equal([400, ['password']])
      }
      expect((await reset(token)).status).to.equal(200)
    })

    it('bring three mails in half an hour at most, and none to nobody', async () => {
      const { userID, email } = await auth.member()
      const answers = await Promise.all(Array.from({ length: 8 }, () => forgot(email)))
      expect(tally(answers)).to.deep.equal({ 202: 8 })
      expect(await auth.query('select from password_resets where account_id = $1', [userID])).to.have.lengthOf(3)
      await mailedToken(userID, 3)
      const unknown = await forgot(`nobody-${randomUUID()}@example.com`)
      expect({ ...unknown.body }).to.deep.equal({ ...answers[0]?.body })
    })

    it('leave no secret in Postgres or Kafka', async () => {
      const { userID, token } = await withLink()
      const secret = token.split('.')[1] ?? ''
      const [event] = await auth.bus.about(userID, 'account.password.reset.requested')
      expect(String(event?.value)).to.not.include(secret)
      const [row] = await auth.query<{ text: string }>(
        `select string_agg(r::text, ' ') || (select coalesce(string_agg(o::text, ' '), '') from outbox o) as text
         from password_resets r`,
      )
      expect(row?.text).to.not.include(secret)
    })
  })

  describe('changed', () => {
    const change = (headers: Record<string, string>, currentPassword = PASSWORD, newPassword = NEW) =>
      auth.post('password/change', { currentPassword, newPassword }, headers)

    it('end the other sessions, and the owner is told', async () => {
      const member = await auth.member()
      const [here, there] = [await signedIn(member), await signedIn(member)]
      expect((await change(here.headers)).status).to.equal(200)
      expect(await isOver(there)).to.equal(true)
      expect((await auth.post('refresh', { refreshToken: here.refreshToken })).status).to.equal(200)
      expect(await auth.redis.exists(`revoked:${here.sid}`)).to.equal(0)
      expect((await auth.logIn(member.email)).status).to.equal(401)
      expect((await auth.logIn(member.email, { password: NEW })).status).to.equal(200)
      expect(await noted(member.userID)).to.deep.equal(['password_changed'])
    })

    it('void links that were mailed before', async () => {
      const { email, token } = await withLink()
      const { headers } = await signedIn({ email })
      await change(headers)
      expect((await reset(token)).body.code).to.equal('INVALID_TOKEN')
    })

    it('take the current one, which can be guessed five times', async () => {
      const member = await auth.member()
      const { headers } = await signedIn(member)
      const answers = []
      for (let i = 0; i < 6; i++) answers.push((await change(headers, 'wrong')).status)
      expect(answers).to.deep.equal([401, 401, 401, 401, 401, 429])
    })

    it('are judged as all new ones', async () => {
      const { headers } = await signedIn(await auth.member())
      const { status, body } = await change(headers, PASSWORD, 'short')
      expect([status, body.errors[0]?.field]).to.deep.equal([400, 'newPassword'])
    })

    it('take somebody who is signed in', async () => {
      expect((await change({})).status).to.equal(401)
    })
  })
})
