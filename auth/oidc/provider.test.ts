import { hash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import { decodeProtectedHeader } from 'jose'
import { until } from '../../dev/stack/until.ts'
import { appBrowser } from '../../test/support/app-browser.ts'
import { appPlace } from '../../test/support/app-place.ts'
import { type Auth, callerOf, runAuth } from '../../test/support/auth.ts'
import { type Place, type RelyingParty, refusal, relyingParty } from '../../test/support/relying-party.ts'
import { GATEWAY_TOKEN } from '../../test/support/run-service.ts'
import { createKeyFolder } from '../signing-keys/key-folder.ts'
import type { SigningKey } from '../signing-keys/signing-key.ts'

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' }

describe('the OpenID provider, on two nodes', () => {
  let auth: Auth
  let place: Place
  let clientID: string
  let app: RelyingParty

  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ nodes: 2 })
    place = appPlace(auth)
    clientID = randomUUID()
    const redirectUris = ['http://127.0.0.1/callback']
    await auth.query(`insert into oidc_clients values ($1, 'App', null, $2, '{}', '{openid,offline_access}')`, [
      clientID,
      redirectUris,
    ])
    app = await relyingParty({ clientID, redirectUris }, place)
  })
  after(() => auth.stop())

  async function signedIn() {
    const { userID, email } = await auth.member()
    const token = (await auth.logIn(email)).body.data['accessToken'] ?? ''
    return { userID, email, token, browser: appBrowser(place, token) }
  }

  const times = <Result>(count: number, work: () => Promise<Result>) => Promise.all(Array.from({ length: count }, work))

  it('gives tokens once for a code that comes many times in the same instant, and takes them back', async () => {
    const { browser } = await signedIn()
    const { url, checks } = await app.begin()
    const callback = await browser.answer(url, true)
    const answers = await times(6, () => app.finish(callback, checks).catch((error) => error.error as string))
    const given = answers.filter((answer) => typeof answer !== 'string')
    expect(given).to.have.lengthOf.at.most(1)
    expect(answers.filter((answer) => answer === 'invalid_grant')).to.have.lengthOf(6 - given.length)
    for (const { access_token } of given) expect(await refusal(app.userInfo(access_token))).to.equal('invalid_token')
  })

  it('renews once with a refresh token that comes many times in the same instant, and ends the grant', async () => {
    const { browser } = await signedIn()
    const { tokens } = await app.authorize(browser, OFFLINE)
    const answers = await times(6, () => app.refresh(tokens.refresh_token).catch((error) => error.error as string))
    const given = answers.filter((answer) => typeof answer !== 'string')
    expect(given).to.have.lengthOf.at.most(1)
    for (const { refresh_token } of given) expect(await refusal(app.refresh(refresh_token))).to.equal('invalid_grant')
  })

  it('leaves one line in the log when a second use ends what an app was granted, at once or later', async () => {
    const lines = (userID: string) =>
      auth.query(`select account_id, client_id from audit where event = 'consent.ended' and account_id = $1`, [userID])
    for (const again of [
      (token = '') => times(6, () => refusal(app.refresh(token))),
      async (token = '') => [await refusal(app.refresh(token)), await refusal(app.refresh(token))],
    ]) {
      const { userID, browser } = await signedIn()
      const { tokens } = await app.authorize(browser, OFFLINE)
      expect(await again(tokens.refresh_token)).to.include('invalid_grant')
      expect(await lines(userID)).to.deep.equal([{ account_id: userID, client_id: clientID }])
    }
  })

  it('signs with another key from a rotation on; what was begun before goes on', async () => {
    const { browser } = await signedIn()
    const { tokens } = await app.authorize(browser, OFFLINE)
    const { url, checks } = await app.begin()
    await browser.visit(url)
    const folder = createKeyFolder(join(auth.folder, 'keys'))
    const waiting = (await folder.read()).find(({ signingSince }) => !signingSince)
    await folder.save({ ...(waiting as SigningKey), signingSince: new Date() })
    const kid = `id-${waiting?.kid}`
    const renewed = async (node: string) => {
      const answer = await fetch(`${node}/oauth2/jwks`, { headers: { 'x-gateway-token': GATEWAY_TOKEN } })
      const { keys } = (await answer.json()) as { keys: { kid: string }[] }
      return keys[0]?.kid === kid
    }
    for (const node of auth.urls) await until(() => renewed(node), { within: 5_000, what: `${node} has the new key` })

    const { id } = (await browser.interaction()).data
    const { redirectTo } = (await browser.interaction({ id, approved: true })).data
    const later = await app.finish(await browser.back(redirectTo), checks)
    for (const { id_token } of [later, await app.refresh(tokens.refresh_token)]) {
      expect(decodeProtectedHeader(id_token ?? '').kid).to.equal(kid)
    }
    expect(await refusal(app.userInfo(tokens.access_token))).to.equal('nothing')
  })

  it('reads what a grant from before apps were listed allows from the grant itself', async () => {
    const { userID, token, browser } = await signedIn()
    await app.authorize(browser, OFFLINE)
    await auth.query('update oidc_artifacts set scopes = null, created_at = null where account_id = $1', [userID])
    const headers = callerOf(token)
    const allowed = async () => (await auth.call<{ data: object[] }>('/api/v1/auth/grants', { headers })).body.data
    expect((await allowed())[0]).to.deep.include({ id: clientID, scopes: ['openid', 'offline_access'] })
    const change = { method: 'PATCH', headers, body: { scopes: ['openid'] } }
    expect((await auth.call(`/api/v1/auth/clients/${clientID}`, change)).status).to.equal(200)
    expect(await allowed()).to.deep.equal([])
    await auth.query(`update oidc_clients set scopes = '{openid,offline_access}' where id = $1`, [clientID])
  })

  it('stores nothing that opens anything', async () => {
    const { browser } = await signedIn()
    const { callback, tokens } = await app.authorize(browser, OFFLINE)
    await browser.visit((await app.begin({ prompt: 'login' })).url)
    const [{ stored } = { stored: '' }] = await auth.query<{ stored: string }>(
      `select string_agg(a::text, '') as stored from oidc_artifacts a`,
    )
    expect(stored).to.include(clientID)
    const secrets = [callback.searchParams.get('code'), tokens.access_token, tokens.refresh_token]
    for (const secret of [...secrets, ...Object.values(browser.cookies)]) {
      if (secret) expect(stored).not.to.include(secret)
    }
    expect(Object.keys(browser.cookies)).to.have.lengthOf(3)
  })

  it('asks those who have a second factor for that, where an app wants a fresh sign-in', async () => {
    const { userID, token, browser } = await signedIn()
    const { code } = await auth.withSecondFactor(userID)
    const step = await auth.post('step-up', { code: await code() }, callerOf(token))
    browser.signIn(step.body.data['accessToken'] ?? '')
    await auth.query(`update sessions set authenticated_at = now() - interval '1 minute' where account_id = $1`, [
      userID,
    ])
    const { url, checks } = await app.begin({ max_age: '30' })
    const { id } = await browser.arrive(url)
    const stale = await browser.interaction({ id, approved: true })
    expect(stale.status).to.equal(401)
    expect(stale.challenge).to.match(/^Bearer error="insufficient_user_authentication"/)
    const again = await auth.post('step-up', { code: await code(1) }, callerOf(token))
    browser.signIn(again.body.data['accessToken'] ?? '')
    const { data } = await browser.interaction({ id, approved: true })
    expect((await app.finish(await browser.back(data.redirectTo), checks)).claims()?.['amr']).to.deep.equal([
      'pwd',
      'otp',
    ])
  })

  it('signs in to apps whoever signed in last in a browser', async () => {
    const [first, second] = [await signedIn(), await auth.member()]
    await app.authorize(first.browser)
    const id = first.browser.cookies['__Host-jade_single_sign_on']
    const body = { email: second.email, password: 'a lazy pangolin sings', refreshTokenIn: 'cookie' }
    const login = await auth.post('login', body, { cookie: `__Host-jade_single_sign_on=${id}` })
    const silently = await first.browser.back((await app.begin({ prompt: 'none' })).url)
    expect(silently.searchParams.get('error')).to.equal('login_required')
    first.browser.signIn(login.body.data['accessToken'] ?? '')
    expect((await app.authorize(first.browser)).tokens.claims()?.sub).to.equal(second.userID)
  })

  it('limits the page that posts an answer to an app to its own script', async () => {
    const { url } = await app.begin({ prompt: 'none', response_mode: 'form_post' })
    const page = await place.fetch(url.href, {})
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(await page.text()) ?? []
    expect(script).to.include('submit()')
    const policy = page.headers.get('content-security-policy')
    expect(policy?.split(';')).to.include.members([
      "default-src 'none'",
      `script-src 'sha256-${hash('sha256', script, 'base64')}'`,
    ])
  })

  it('grants nothing in a session that has ended', async () => {
    const { browser, token } = await signedIn()
    const { id } = await browser.arrive((await app.begin()).url)
    await auth.post('logout', undefined, callerOf(token))
    expect((await browser.interaction({ id, approved: true })).status).to.equal(401)
  })
})
