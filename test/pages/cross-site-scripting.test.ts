import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { post, send } from '../../deck/admin-api.ts'
import { appRegistry } from '../e2e/apps.ts'
import { member, newPerson } from '../e2e/people.ts'
import { startAppSite } from '../support/app-site.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { settled } from './axe.ts'
import { layDeadLetter } from './dead-letter.ts'
import { enterPassword, signInAsAdmin } from './people.ts'

const MARKUP = `"><img src=x onerror="globalThis.executed=1"><script>globalThis.executed=1</script>{{7*7}}`
const LOCAL_PART = `o'<b>x</b>`

/** Runs in the page before its own script; what the policy refused counts as an attempt that got too far. */
const WATCH = `
  globalThis.refused = 0
  addEventListener('securitypolicyviolation', () => { globalThis.refused += 1 })`

describe('markup that somebody typed', () => {
  let jade: Platform
  let page: Page

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  beforeEach(async () => {
    page = await visitor(jade, { userAgent: `Mozilla/5.0 ${MARKUP}` })
    await page.addInitScript(WATCH)
  })

  const expectHarmless = async (where: string) => {
    expect(await page.evaluate('[globalThis.executed, globalThis.refused]'), where).to.deep.equal([undefined, 0])
    expect(await page.locator(':is(#root, main) :is(img[src=x], b, script)').count(), where).to.equal(0)
  }

  it('is text in a registration, and in the mail page after it', async () => {
    const { email, phoneNumber } = newPerson()
    await page.goto('/register')
    await page.getByLabel('Name').fill(MARKUP)
    await page.getByLabel('E-mail').fill(`${LOCAL_PART}${email}`)
    await page.getByLabel('Phone number').fill(phoneNumber)
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('heading', { name: 'Thank you' }).or(page.getByText('Enter an e-mail address')).waitFor()
    await expectHarmless('the registration')
  })

  it('is text in a name, wherever it is shown', async () => {
    const person = await member(jade, newPerson(MARKUP))
    await page.goto('/account')
    await enterPassword(page, person)
    await page.getByText(person.email).waitFor()
    await page.getByText('Mozilla').waitFor() // what a device is called of its User-Agent
    expect(await page.getByLabel('Name').inputValue()).to.equal(MARKUP)
    await expectHarmless('the account, and the browser in its list of sessions')

    await signInAsAdmin(page, jade)
    await page.goto(`/admin/members?search=${encodeURIComponent(person.email)}`)
    await page.getByRole('link', { name: MARKUP }).click()
    await page.getByRole('heading', { name: MARKUP }).waitFor()
    expect(await page.title()).to.include(MARKUP)
    await expectHarmless('the member')
    await page.getByRole('link', { name: 'Security events' }).click()
    await page.getByRole('cell', { name: 'Mozilla' }).first().waitFor()
    await expectHarmless('the audit')
  })

  it('is text in the name of a partner, and wherever else the gateway shows what was declared', async () => {
    const gateway = { url: jade.adminUrl, token: undefined }
    const partner = await post(gateway, '/consumers', { username: MARKUP })
    const route = await post(gateway, '/routes', {
      name: 'marked',
      paths: ['~/<b>marked</b>$'],
      hosts: ['marked.example'],
    })
    try {
      for (const group of ['partner-gold', MARKUP]) await post(gateway, `/consumers/${partner.id}/acls`, { group })
      await post(gateway, `/routes/${route.id}/plugins`, { name: 'acl', config: { allow: [MARKUP] } })
      await signInAsAdmin(page, jade)
      await page.goto('/admin/gateway')
      const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: MARKUP, exact: true }) })
      await row.getByText('partner-gold').waitFor()
      expect(await row.getByRole('meter').getAttribute('aria-label')).to.include(MARKUP)
      const marked = page.getByRole('row', { name: 'marked' })
      await marked.getByText('~/<b>marked</b>$').waitFor()
      await marked.getByText(`allow ${MARKUP}`).waitFor()
      await expectHarmless('the gateway')
    } finally {
      for (const path of [`/routes/${route.id}`, `/consumers/${partner.id}`]) await send(gateway, 'DELETE', path)
    }
  })

  it('is text in the name of an app, where people are asked and where admins see it', async () => {
    const { register, place } = await appRegistry(jade)
    const site = await startAppSite((app) => register({ ...app, name: MARKUP }), place)
    try {
      await page.goto(site.url)
      await enterPassword(page, await member(jade))
      await page.getByText(`${MARKUP} wants to know who you are`).waitFor()
      await expectHarmless('the question')
    } finally {
      await site.stop()
    }
    await signInAsAdmin(page, jade)
    await page.goto('/admin/clients')
    const row = page.getByRole('row').filter({ hasText: MARKUP })
    await row.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByText(MARKUP).waitFor()
    await expectHarmless('the apps')
  })

  it('is text in a dead letter, all of which is from elsewhere', async () => {
    const headers = { 'x-error': MARKUP, 'x-consumer-group': MARKUP, ce_id: MARKUP }
    const takeAway = await layDeadLetter(jade, 'pages.markup', { value: MARKUP, headers })
    try {
      await signInAsAdmin(page, jade)
      await page.goto('/admin/system?topic=pages.markup')
      const letters = page.getByRole('region', { name: 'Dead letters' })
      await letters.getByRole('cell', { name: MARKUP, exact: true }).waitFor()
      await letters.getByRole('button', { name: 'Show data' }).click()
      await page.getByRole('dialog').getByText(MARKUP, { exact: true }).waitFor()
      await expectHarmless('its data')
      await page.keyboard.press('Escape')
      await letters.getByRole('button', { name: 'Drop' }).click()
      await page.getByRole('dialog').getByText(MARKUP).waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Drop' }).click()
      await page.getByText('Dropped.').waitFor()
      await page
        .getByRole('region', { name: 'Audit' })
        .getByRole('cell', { name: MARKUP, exact: true })
        .first()
        .waitFor()
      await expectHarmless('what is left of it')
    } finally {
      await takeAway()
    }
  })

  it('is text in an address', async () => {
    const said = encodeURIComponent(MARKUP)
    for (const path of [
      '/register/confirm?token=',
      '/password/reset?token=',
      '/sign-in?next=',
      '/sign-in?next=/',
      '/?',
    ]) {
      await page.goto(path + said)
      await settled(page)
      await expectHarmless(path)
    }
    for (const path of ['authorize?client_id=', 'logout?id_token_hint=', 'logout?post_logout_redirect_uri=']) {
      await page.goto(`/oauth2/${path}${said}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expectHarmless(path)
    }
    await signInAsAdmin(page, jade)
    for (const query of [
      'members?search=',
      'members?sort=',
      'members?status=',
      'members?from=',
      'system?topic=',
      'audit?userID=',
      'audit?type=',
    ]) {
      await page.goto(`/admin/${query}${said}`)
      await settled(page)
      await expectHarmless(query)
    }
  })
})
