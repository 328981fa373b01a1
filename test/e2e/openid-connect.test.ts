import { expect } from 'chai'
import { type Platform, platform } from '../support/platform.ts'
import { type RelyingParty, refusal } from '../support/relying-party.ts'
import { ALL_SCOPES, type AppRegistry, appRegistry } from './apps.ts'
import { admin, bearer, member } from './people.ts'

describe('signing in to an app of somebody else, through the gateway', () => {
  let jade: Platform
  let registry: AppRegistry
  let app: RelyingParty
  let person: Awaited<ReturnType<typeof member>>

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    registry = await appRegistry(jade)
    app = await registry.app()
    person = await member(jade)
  })

  const mine = () => registry.browser(person.accessToken)

  it('is described where the protocol says, under the public address alone', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const { body, text } = await jade.send('GET', `/.well-known/${name}`, { headers })
      const described = body as unknown as Record<string, unknown>
      expect(described['issuer']).to.equal(jade.publicUrl)
      expect(described['code_challenge_methods_supported']).to.deep.equal(['S256'])
      const addresses = Object.entries(described).filter(([key]) => /_(endpoint|uri)$/.test(key))
      expect(addresses).to.have.lengthOf(7)
      for (const [key, url] of addresses) expect(String(url).startsWith(jade.publicUrl), key).to.equal(true)
      expect(text).not.to.include('evil.example')
    }
  })

  it('tells the app, scope by scope, what the member allowed', async () => {
    const { name, email, phoneNumber, userID: sub } = person
    const claims = { name, email, email_verified: true, phone_number: phoneNumber, phone_number_verified: false }
    for (const each of [app, await registry.app(false)]) {
      const { tokens } = await each.authorize(mine(), { scope: 'openid profile email phone' })
      expect(tokens.claims()).to.deep.include({ sub, amr: ['pwd'], acr: 'urn:jade-palace:acr:1' })
      expect(tokens.claims()).not.to.have.any.keys('email', 'name', 'phone_number')
      expect(tokens.refresh_token).to.equal(undefined)
      expect(await each.userInfo(tokens.access_token)).to.deep.equal({ sub, ...claims })
      const fewer = (await each.authorize(mine())).tokens
      expect(await each.userInfo(fewer.access_token)).to.deep.equal({ sub })
    }
  })

  it('tells it of the second factor where one was shown', async () => {
    const { accessToken } = await admin(jade)
    const { tokens } = await app.authorize(registry.browser(accessToken))
    expect(tokens.claims()).to.deep.include({ amr: ['pwd', 'otp'], acr: 'urn:jade-palace:acr:2' })
  })

  it('asks in the name of the app, and once allowed does not ask again in that browser', async () => {
    const browser = mine()
    const { url } = await app.begin({ scope: ALL_SCOPES.join(' '), prompt: 'consent' })
    const { client, scopes } = await browser.arrive(url)
    expect([client.name, scopes]).to.deep.equal(['Tea House', ALL_SCOPES])
    await app.authorize(browser)
    const again = await app.begin({ prompt: 'none' })
    expect((await app.finish(await browser.back(again.url), again.checks)).claims()?.sub).to.equal(person.userID)
    const other = await (await registry.app()).begin({ prompt: 'none' })
    expect((await browser.back(other.url)).searchParams.get('error')).to.equal('consent_required')
  })

  it('is the choice of who is signed in, in the browser that was sent, about what was shown', async () => {
    const browser = mine()
    const { id } = await browser.arrive((await app.begin()).url)
    const elsewhere = await mine().interaction({ id, approved: true })
    expect([elsewhere.status, elsewhere.code]).to.deep.equal([404, 'INTERACTION_OVER'])
    const nobody = registry.browser()
    Object.assign(nobody.cookies, browser.cookies)
    expect((await nobody.interaction({ id, approved: true })).status).to.equal(401)
    await browser.arrive((await app.begin()).url)
    expect((await browser.interaction({ id, approved: true })).status).to.equal(404)
  })

  it('can be declined', async () => {
    const { url, checks } = await app.begin()
    const callback = await mine().answer(url, false)
    expect(callback.searchParams.get('code')).to.equal(null)
    expect(await refusal(app.finish(callback, checks))).to.equal('access_denied')
  })

  it('sends nobody to an address that is not registered', async () => {
    for (const redirect_uri of [
      'https://evil.example/',
      'https://tea.example/callback/x',
      'http://tea.example/callback',
    ]) {
      const answer = await mine().visit((await app.begin({ redirect_uri })).url)
      expect([answer.status, answer.headers.get('location')], redirect_uri).to.deep.equal([400, null])
    }
  })

  it('wants PKCE by S256 of every app', async () => {
    const without: Record<string, string>[] = [
      { code_challenge: '', code_challenge_method: '' },
      { code_challenge_method: 'plain' },
    ]
    for (const parameters of without) {
      const callback = await mine().back((await app.begin(parameters)).url)
      expect(callback.searchParams.get('error')).to.equal('invalid_request')
    }
  })

  it('wants a fresh sign-in where the app does', async () => {
    const demands: Record<string, string>[] = [{ prompt: 'login' }, { max_age: '0' }]
    for (const parameters of demands) {
      const { accessToken } = person
      await jade.eventually(() => Promise.resolve(issuedAt(accessToken) < Math.floor(Date.now() / 1000)), 5_000)
      const browser = registry.browser(accessToken)
      const { url, checks } = await app.begin(parameters)
      const { id } = await browser.arrive(url)
      expect((await browser.interaction({ id, approved: true })).code).to.equal('SIGN_IN_AGAIN')
      browser.signIn(await signedInAgain())
      const { data } = await browser.interaction({ id, approved: true })
      const tokens = await app.finish(await browser.back(data.redirectTo), checks)
      expect(tokens.claims()?.['auth_time']).to.be.greaterThan(issuedAt(accessToken))
    }
  })

  async function signedInAgain(): Promise<string> {
    const { email, password } = person
    const login = await jade.send('POST', '/api/v1/auth/login', { body: { email, password } })
    return String(login.body?.data?.['accessToken'])
  }

  it('gives nothing that passes for a session here', async () => {
    const { tokens } = await app.authorize(mine(), { scope: ALL_SCOPES.join(' '), prompt: 'consent' })
    for (const token of [tokens.access_token, tokens.id_token, tokens.refresh_token]) {
      expect((await jade.send('GET', '/api/v1/auth/me', { headers: bearer(token) })).status).to.equal(401)
    }
  })
})

const issuedAt = (token: string): number =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).iat
