import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { type Platform, platform } from '../support/platform.ts'
import { type RelyingParty, refusal, relyingParty } from '../support/relying-party.ts'
import { type AppRegistry, appRegistry } from './apps.ts'
import { bearer, member } from './people.ts'

const GRANTS = '/api/v1/auth/grants'
const OFFLINE = { scope: 'openid email offline_access', prompt: 'consent' }

interface AllowedApp {
  id: string
  name: string
  scopes: string[]
  offline: boolean
  since: string
  lastUsedAt: string | null
}

describe('apps that a member has allowed, through the gateway', () => {
  let jade: Platform
  let registry: AppRegistry
  let app: RelyingParty
  let clientID: string

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    registry = await appRegistry(jade)
    const client = await registry.register({ name: 'Yellow Rice', confidential: true })
    clientID = client.clientID
    app = await relyingParty(client, registry.place)
  })

  const send = (method: string, path: string, token: string) => jade.send(method, path, { headers: bearer(token) })
  const allowed = async (token: string) => {
    const { body } = await send('GET', GRANTS, token)
    return body?.data as unknown as AllowedApp[]
  }
  const allow = async (token: string, parameters?: Record<string, string>) =>
    (await app.authorize(registry.browser(token), parameters)).tokens
  async function signedInAgain({ email, password }: { email: string; password: string }): Promise<string> {
    const login = await jade.send('POST', '/api/v1/auth/login', { body: { email, password } })
    return String(login.body?.data?.['accessToken'])
  }
  const sessionOf = async (token: string) => (await send('GET', '/api/v1/auth/me', token)).body?.data?.['sessionID']

  it('are listed by app: what, since when, and when it last got tokens', async () => {
    const person = await member(jade)
    expect(await allowed(person.accessToken)).to.deep.equal([])
    const tokens = await allow(person.accessToken, OFFLINE)
    const elsewhere = await signedInAgain(person)
    await allow(elsewhere, { scope: 'openid profile' })
    const [first, ...others] = await allowed(elsewhere)
    expect(others).to.deep.equal([])
    expect(first).to.deep.include({ id: clientID, name: 'Yellow Rice', offline: true })
    expect(first?.scopes).to.deep.equal(['openid', 'profile', 'email', 'offline_access'])
    expect(Date.parse(first?.since ?? '')).to.be.at.most(Date.parse(first?.lastUsedAt ?? ''))
    await app.refresh(tokens.refresh_token)
    const [later] = await allowed(elsewhere)
    expect(Date.parse(later?.lastUsedAt ?? '')).to.be.greaterThan(Date.parse(first?.lastUsedAt ?? ''))
    expect(later?.since).to.equal(first?.since)
    expect((await send('GET', `${GRANTS}?limit=1`, elsewhere)).body?.meta).to.deep.equal({
      page: 1,
      limit: 1,
      total: 1,
    })
  })

  it('are listed no more once what they were allowed has ended', async () => {
    const person = await member(jade)
    await allow(person.accessToken)
    await send('POST', '/api/v1/auth/logout', person.accessToken)
    expect(await allowed(await signedInAgain(person))).to.deep.equal([])
  })

  it('are allowed nothing any more once that is withdrawn, and may ask again', async () => {
    const { accessToken } = await member(jade)
    const [tokens, others] = [await allow(accessToken, OFFLINE), await allow((await member(jade)).accessToken)]
    expect((await send('DELETE', `${GRANTS}/${clientID}`, accessToken)).status).to.equal(200)
    expect(await refusal(app.refresh(tokens.refresh_token))).to.equal('invalid_grant')
    expect(await refusal(app.userInfo(tokens.access_token))).to.equal('invalid_token')
    expect((await app.introspect(tokens.access_token)).active).to.equal(false)
    expect((await app.introspect(others.access_token)).active, 'of somebody else').to.equal(true)
    expect(await allowed(accessToken)).to.deep.equal([])
    const trail = await jade.send('GET', '/api/v1/auth/audit?type=consent.withdrawn', { headers: registry.headers })
    expect(trail.status).to.equal(200)
    expect(trail.text).to.include(String(await sessionOf(accessToken)))
    await allow(accessToken)
    expect(await allowed(accessToken)).to.have.lengthOf(1)
  })

  it('are withdrawn by whoever has allowed them alone', async () => {
    const [{ accessToken }, other] = [await member(jade), await member(jade)]
    await allow(accessToken)
    expect((await send('DELETE', `${GRANTS}/${clientID}`, other.accessToken)).status).to.equal(404)
    expect((await send('DELETE', `${GRANTS}/${randomUUID()}`, accessToken)).status).to.equal(404)
    expect((await jade.send('GET', GRANTS)).status).to.equal(401)
    expect((await jade.send('DELETE', `${GRANTS}/${clientID}`)).status).to.equal(401)
    expect(await allowed(accessToken)).to.have.lengthOf(1)
  })

  it('end with a session that is ended from another, also where they are for offline access, and no others do', async () => {
    const person = await member(jade)
    const elsewhere = await signedInAgain(person)
    const [distrusted, kept] = [await allow(person.accessToken, OFFLINE), await allow(elsewhere, OFFLINE)]
    const path = `/api/v1/auth/sessions/${await sessionOf(person.accessToken)}`
    expect((await send('DELETE', path, elsewhere)).status).to.equal(200)
    expect(await refusal(app.refresh(distrusted.refresh_token))).to.equal('invalid_grant')
    expect((await app.refresh(kept.refresh_token)).access_token).to.be.a('string')
  })

  it('end with a session whose refresh token was copied', async () => {
    const { userID, email, password } = await member(jade)
    const login = await jade.send('POST', '/api/v1/auth/login', { body: { email, password } })
    const { accessToken, refreshToken } = login.body?.data ?? {}
    const tokens = await allow(String(accessToken), OFFLINE)
    const refresh = () => jade.send('POST', '/api/v1/auth/refresh', { body: { refreshToken } })
    expect([(await refresh()).status, (await refresh()).status]).to.deep.equal([200, 401])
    expect(await refusal(app.refresh(tokens.refresh_token))).to.equal('invalid_grant')
    const trail = await jade.send('GET', `/api/v1/auth/audit?userID=${userID}&type=consent.ended`, {
      headers: registry.headers,
    })
    expect(trail.body?.data).to.have.lengthOf(1)
  })
})
