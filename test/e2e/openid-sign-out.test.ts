import { expect } from 'chai'
import * as openid from 'openid-client'
import type { AppBrowser } from '../support/app-browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { type RelyingParty, refusal } from '../support/relying-party.ts'
import { type AppRegistry, appRegistry, CLIENTS } from './apps.ts'
import { bearer, member } from './people.ts'

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' }

describe('what an app of somebody else was granted, through the gateway', () => {
  let jade: Platform
  let registry: AppRegistry
  let app: RelyingParty

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    registry = await appRegistry(jade)
    app = await registry.app()
  })

  /** A new member, signed in to the app. */
  async function signedIn(parameters?: Record<string, string>) {
    const person = await member(jade)
    const browser = registry.browser(person.accessToken)
    const { tokens } = await app.authorize(browser, parameters)
    return { ...person, browser, tokens }
  }

  const post = (path: string, token: string) => jade.send('POST', `/api/v1/auth/${path}`, { headers: bearer(token) })
  const isActive = async (token = '') => (await app.introspect(token)).active
  const silently = async (browser: AppBrowser) =>
    (await browser.back((await app.begin({ prompt: 'none' })).url)).searchParams

  it('ends with the session it was granted in', async () => {
    const { accessToken, browser, tokens } = await signedIn()
    expect((await silently(browser)).has('code')).to.equal(true)
    await post('logout', accessToken)
    expect(await isActive(tokens.access_token)).to.equal(false)
    expect((await silently(browser)).get('error')).to.equal('login_required')
  })

  it('outlasts a sign-out where it is for offline access, but not one everywhere', async () => {
    const { email, password, accessToken, tokens } = await signedIn(OFFLINE)
    await post('logout', accessToken)
    const renewed = await app.refresh(tokens.refresh_token)
    const login = await jade.send('POST', '/api/v1/auth/login', { body: { email, password } })
    await post('logout-all', String(login.body?.data?.['accessToken']))
    expect(await isActive(renewed.access_token)).to.equal(false)
    expect(await refusal(app.refresh(renewed.refresh_token))).to.equal('invalid_grant')
  })

  it('signs nobody in to the app in that browser after a sign-out, also where it is for offline access', async () => {
    const { accessToken, browser, tokens } = await signedIn(OFFLINE)
    expect((await silently(browser)).has('code')).to.equal(true)
    await post('logout', accessToken)
    expect((await silently(browser)).get('error')).to.equal('login_required')
    expect(await isActive(tokens.access_token)).to.equal(true)
  })

  it('ends when staff disable the account', async () => {
    const { userID, tokens } = await signedIn(OFFLINE)
    const body = { status: 'disabled' }
    const changed = await jade.send('PATCH', `/api/v1/users/${userID}`, { headers: registry.headers, body })
    expect(changed.status).to.equal(200)
    await jade.eventually(async () => !(await isActive(tokens.access_token)), 10_000)
    expect(await refusal(app.refresh(tokens.refresh_token))).to.equal('invalid_grant')
    expect(await refusal(app.userInfo(tokens.access_token))).to.equal('invalid_token')
  })

  it('ends with the app', async () => {
    const client = await registry.app()
    const { accessToken } = await member(jade)
    const { tokens } = await client.authorize(registry.browser(accessToken), OFFLINE)
    const path = `${CLIENTS}/${client.config.clientMetadata().client_id}`
    expect((await jade.send('DELETE', path, { headers: registry.headers })).status).to.equal(200)
    expect((await jade.send('DELETE', path, { headers: registry.headers })).status).to.equal(404)
    expect(await refusal(client.refresh(tokens.refresh_token))).to.equal('invalid_client')
    expect(await refusal(client.userInfo(tokens.access_token))).to.equal('invalid_token')
  })

  it('ends when the member signs out at the wish of the app, and so does the session here', async () => {
    const { accessToken, browser, tokens } = await signedIn()
    const url = openid.buildEndSessionUrl(app.config, {
      id_token_hint: String(tokens.id_token),
      post_logout_redirect_uri: 'https://tea.example/',
      state: 'back',
    })
    const asked = await browser.visit(url)
    const html = await asked.text()
    expect([asked.status, asked.headers.get('content-security-policy')?.includes("default-src 'none'")]).to.deep.equal([
      200,
      true,
    ])
    const [, action = ''] = /action="([^"]+)"/.exec(html) ?? []
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(html) ?? []
    const confirm = (form: Record<string, string>) =>
      browser.visit(action, { method: 'POST', body: new URLSearchParams(form) })
    expect((await confirm({ xsrf: 'wrong', logout: 'yes' })).status).to.equal(400)
    expect(await isActive(tokens.access_token)).to.equal(true)
    expect((await confirm({ xsrf, logout: 'yes' })).headers.get('location')).to.equal('https://tea.example/?state=back')
    expect(await isActive(tokens.access_token)).to.equal(false)
    const me = () => jade.send('GET', '/api/v1/auth/me', { headers: bearer(accessToken) })
    await jade.eventually(async () => (await me()).status === 401, 5_000)
  })

  it('lets nobody be sent elsewhere after that', async () => {
    const { browser, tokens } = await signedIn()
    const url = openid.buildEndSessionUrl(app.config, {
      id_token_hint: String(tokens.id_token),
      post_logout_redirect_uri: 'https://evil.example/',
    })
    expect((await browser.visit(url)).status).to.equal(400)
  })
})
