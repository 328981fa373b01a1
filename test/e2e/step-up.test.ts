import { expect } from 'chai'
import { generate } from 'otplib'
import { type Platform, platform } from '../support/platform.ts'
import { ageSignIn, bearer, member, staleAdmin } from './people.ts'

describe('sensitive actions, through the gateway', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
  })

  const post = (path: string, token: unknown, body?: object) =>
    jade.send('POST', `/api/v1/auth/${path}`, { headers: bearer(token), body })

  it('want a second factor of the last five minutes, which a step-up gives', async () => {
    const { secret, accessToken } = await staleAdmin(jade)
    const { userID } = await member(jade)
    const remove = (token: unknown) => jade.send('DELETE', `/api/v1/users/${userID}`, { headers: bearer(token) })
    for (const refused of [
      await remove(accessToken),
      await post('mfa/totp/disable', accessToken),
      await post('mfa/backup-codes', accessToken),
      await post('keys/rotate', accessToken),
      await post('keys/retire', accessToken),
    ]) {
      expect(refused.status).to.equal(401)
      expect(refused.headers['www-authenticate']).to.match(/error="insufficient_user_authentication".* max_age="300"/)
    }
    // The codes of this step and the next are used; the clock is known to be one step ahead.
    const code = await generate({ secret, epoch: Math.floor(Date.now() / 1000) + 60 })
    const steppedUp = await post('step-up', accessToken, { code })
    expect(steppedUp.status).to.equal(200)
    const fresh = steppedUp.body?.data?.['accessToken']
    expect((await post('mfa/backup-codes', fresh)).status).to.equal(200)
    expect((await remove(fresh)).status).to.equal(200)
  })

  it('as to enrol a second factor is for whoever has none, want a sign-in of the last five minutes, which the password gives', async () => {
    const { email, password, accessToken } = await member(jade)
    expect((await post('mfa/totp/enroll', accessToken, {})).status).to.equal(200)
    await ageSignIn(jade, email)
    const refused = await post('mfa/totp/enroll', accessToken, {})
    expect(refused.status).to.equal(401)
    expect(refused.headers['www-authenticate']).to.match(/error="insufficient_user_authentication".* max_age="300"/)
    const fresh = (await post('step-up', accessToken, { password })).body?.data?.['accessToken']
    expect((await post('mfa/totp/enroll', fresh, {})).status).to.equal(200)
  })

  it('want a second factor, not a password alone', async () => {
    const { accessToken } = await member(jade)
    for (const path of ['mfa/totp/disable', 'mfa/backup-codes']) {
      const { status, body } = await post(path, accessToken)
      expect([status, body?.message]).to.deep.equal([403, 'Authentication by otp is required'])
      expect((await jade.send('POST', `/api/v1/auth/${path}`)).status).to.equal(401)
    }
  })
})

describe('a page that is signed in by cookies, through the gateway', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
  })

  it('refreshes with its CSRF token, not without, and signs out', async () => {
    const { email, password } = await member(jade)
    const body = { email, password, refreshTokenIn: 'cookie' }
    const login = await jade.send('POST', '/api/v1/auth/login', { body })
    const cookie = [login.headers['set-cookie'] ?? []]
      .flat()
      .map((line) => line.split(';')[0])
      .join('; ')
    const csrf = { 'x-csrf-token': String(login.body?.data?.['csrfToken']) }
    const act = (path: string, headers: Record<string, string>) =>
      jade.send('POST', `/api/v1/auth/${path}`, { headers: { cookie, ...headers } })
    expect((await act('refresh', {})).status).to.equal(403)
    expect((await act('refresh', csrf)).status).to.equal(200)
    expect((await act('logout', {})).status).to.equal(403)
    expect((await act('logout', csrf)).status).to.equal(200)
    expect((await act('refresh', csrf)).status).to.equal(401)
  })
})
