import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { admin, bearer, member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { enterPassword } from './people.ts'

const REFRESH_COOKIE = '__Secure-jade_refresh'
const CSRF_COOKIE = '__Host-jade_csrf'

describe('the pages, under attack', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  const signedIn = async (page: Page, path = '/account') => {
    const person = await member(jade)
    await page.goto(path)
    await enterPassword(page, person)
    await page.getByText(person.email).waitFor()
    return person
  }
  const cookiesOf = async (page: Page) =>
    Object.fromEntries(
      (await page.context().cookies(`${jade.publicUrl}/api/v1/auth/`)).map((each) => [each.name, each]),
    )
  const refresh = (headers: Record<string, string>) => jade.send('POST', '/api/v1/auth/refresh', { headers })

  it('are framed by nobody, whatever the path', async () => {
    const { text } = await jade.send('GET', '/')
    const assets = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => String(path))
    expect(assets).to.have.length.above(2)
    for (const path of ['/', '/register', '/sign-in', '/account', '/admin/members', '/register/nowhere', ...assets]) {
      const { status, headers } = await jade.send('GET', path)
      expect(status, path).to.equal(200)
      expect(headers, path).to.include({ 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' })
      expect(headers['content-security-policy'], path).to.include("frame-ancestors 'none'")
    }
  })

  it('run no script that somebody got into them', async () => {
    const page = await visitor(jade)
    await page.goto('/')
    const refused = page.waitForEvent('console', (message) => message.text().includes('Content Security Policy'))
    await page.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'globalThis.executed = true'
      document.body.append(script)
    }`)
    await refused
    expect(await page.evaluate('globalThis.executed')).to.equal(undefined)
  })

  it('keep no token where a script or an address could give it away', async () => {
    const page = await visitor(jade)
    await signedIn(page)
    expect(await page.evaluate('[Object.keys(localStorage), Object.keys(sessionStorage)]')).to.deep.equal([
      ['language'],
      [],
    ])
    expect(page.url()).to.equal(`${jade.publicUrl}/account`)
    const cookies = await cookiesOf(page)
    const strict = { secure: true, sameSite: 'Strict' }
    expect(cookies[REFRESH_COOKIE]).to.include({ ...strict, httpOnly: true, path: '/api/v1/auth' })
    expect(cookies[CSRF_COOKIE]).to.include({ ...strict, httpOnly: false, path: '/' })
    expect(Object.keys(cookies)).to.have.length(2)
    expect(await page.evaluate('document.cookie')).not.to.include('refresh')
  })

  it('refresh for nobody who only has the cookie, as another site would', async () => {
    const page = await visitor(jade)
    const { email } = await signedIn(page)
    const cookie = `${REFRESH_COOKIE}=${(await cookiesOf(page))[REFRESH_COOKIE]?.value}`
    const forgeries: Record<string, string>[] = [{}, { 'x-csrf-token': 'guessed' }]
    for (const forged of forgeries) {
      const { status, body } = await refresh({ cookie, ...forged })
      expect([status, body?.code]).to.deep.equal([403, 'CSRF_TOKEN_INVALID'])
    }
    await page.reload()
    await page.getByText(email).waitFor()
  })

  it('end the session where its stolen cookie is used again, and staff can see it', async () => {
    const page = await visitor(jade)
    const { userID } = await signedIn(page)
    const stolen = await cookiesOf(page)
    await page.reload() // uses it, and gets the next one
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    await page.getByRole('button', { name: 'Save' }).waitFor()
    const csrf = String(stolen[CSRF_COOKIE]?.value)
    const cookie = `${REFRESH_COOKIE}=${stolen[REFRESH_COOKIE]?.value}; ${CSRF_COOKIE}=${csrf}`
    expect((await refresh({ cookie, 'x-csrf-token': csrf, 'user-agent': 'a thief' })).status).to.equal(401)
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    const { accessToken } = await admin(jade)
    const path = `/api/v1/auth/audit?userID=${userID}&type=refresh.reused`
    const { body } = await jade.send('GET', path, { headers: bearer(accessToken) })
    expect(body?.data).to.have.length(1)
  })

  it('begin a session of their own at a sign-in, whatever cookies were planted before', async () => {
    const [attacker, victim] = [await visitor(jade), await visitor(jade)]
    await signedIn(attacker)
    const planted = await cookiesOf(attacker)
    await victim.context().addCookies(Object.values(planted))
    await signedIn(victim, '/sign-in?next=/account')
    const own = await cookiesOf(victim)
    for (const name of [REFRESH_COOKIE, CSRF_COOKIE]) expect(own[name]?.value).not.to.equal(planted[name]?.value)
  })

  it('lead nowhere else after a sign-in', async () => {
    const page = await visitor(jade)
    const person = await member(jade)
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
      await enterPassword(page, person)
      await page.getByText(person.email).waitFor()
      expect(page.url(), next).to.equal(`${jade.publicUrl}/account`)
    }
  })

  it('show nothing private to whoever goes back after a sign-out', async () => {
    const page = await visitor(jade)
    const { email } = await signedIn(page)
    await page.goto('/')
    await page.goto('/account')
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    for (const _back of [1, 2]) {
      await page.goBack()
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.content()).not.to.include(email)
    }
  })
})
