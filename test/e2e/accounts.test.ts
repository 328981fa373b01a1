import { expect } from 'chai'
import { confirmationToken, mailTo } from '../../dev/demo/inbox.ts'
import { type Platform, platform } from '../support/platform.ts'
import { admin, bearer, member } from './people.ts'

const NEW = 'two pangolins hum along'

describe('accounts, through the gateway', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
  })

  const logIn = (email: string, password: string) =>
    jade.send('POST', '/api/v1/auth/login', { body: { email, password } })
  const roles = (userID: unknown, token: string, given: string[]) =>
    jade.send('PUT', `/api/v1/auth/accounts/${userID}/roles`, { headers: bearer(token), body: { roles: given } })
  const idOf = async (token: string) =>
    (await jade.send('GET', '/api/v1/auth/me', { headers: bearer(token) })).body?.data?.['userID']

  it('whose password is forgotten get a link by mail, and with it a new one', async () => {
    const { email, password, accessToken } = await member(jade)
    expect((await jade.send('POST', '/api/v1/auth/password/forgot', { body: { email } })).status).to.equal(202)
    const body = { token: confirmationToken(await mailTo(email, jade.inbox, /Set a new password/)), password: NEW }
    expect((await jade.send('POST', '/api/v1/auth/password/reset', { body })).status).to.equal(200)
    expect([(await logIn(email, password)).status, (await logIn(email, NEW)).status]).to.deep.equal([401, 200])
    const me = () => jade.send('GET', '/api/v1/auth/me', { headers: bearer(accessToken) })
    await jade.eventually(async () => (await me()).status === 401, 5_000)
    await mailTo(email, jade.inbox, /password was changed/)
  })

  it('are changed by admins alone, and one who is none any more has no access any more', async () => {
    const [boss, other, { accessToken, userID }] = [await admin(jade), await admin(jade), await member(jade)]
    expect((await roles(userID, accessToken, ['admin'])).status).to.equal(403)
    expect((await jade.send('GET', '/api/v1/auth/audit', { headers: bearer(accessToken) })).status).to.equal(403)
    const audit = () => jade.send('GET', '/api/v1/auth/audit', { headers: bearer(other.accessToken) })
    expect((await audit()).status).to.equal(200)
    expect((await roles(await idOf(other.accessToken), boss.accessToken, [])).status).to.equal(200)
    await jade.eventually(async () => (await audit()).status === 401, 5_000)
    const refreshed = await jade.send('POST', '/api/v1/auth/refresh', { body: { refreshToken: other.refreshToken } })
    expect(refreshed.status).to.equal(401)
  })

  it('are read by staff, and unlocked by admins', async () => {
    const { accessToken } = await admin(jade)
    const { userID, email, password } = await member(jade)
    for (let i = 0; i < 5; i++) {
      await jade.send('POST', '/api/v1/auth/login', { body: { email, password: 'wrong' }, from: `127.0.1.${i + 1}` })
    }
    const read = async () =>
      (await jade.send('GET', `/api/v1/auth/accounts/${userID}`, { headers: bearer(accessToken) })).body?.data
    expect((await read())?.['lockedUntil']).to.be.a('string')
    const unlock = (token: string) =>
      jade.send('POST', `/api/v1/auth/accounts/${userID}/unlock`, { headers: bearer(token) })
    expect((await unlock(accessToken)).status).to.equal(200)
    expect((await read())?.['lockedUntil']).to.equal(null)
    expect((await logIn(email, password)).status).to.equal(200)
  })
})
