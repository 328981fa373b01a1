import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { member, newPerson } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { settled } from './axe.ts'
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
    expect(await page.locator('#root img[src=x], #root b, #root script').count(), where).to.equal(0)
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
    expect(await page.getByLabel('Name').inputValue()).to.equal(MARKUP)
    await expectHarmless('the account, and the browser in its list of sessions')

    await signInAsAdmin(page, jade)
    await page.goto(`/admin/members?search=${encodeURIComponent(person.email)}`)
    await page.getByRole('link', { name: MARKUP }).click()
    await page.getByRole('heading', { name: MARKUP }).waitFor()
    expect(await page.title()).to.include(MARKUP)
    await expectHarmless('the member')
    await page.getByRole('link', { name: 'Security events' }).click()
    await page.getByRole('table').waitFor()
    await expectHarmless('the audit')
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
    await signInAsAdmin(page, jade)
    for (const query of ['members?search=', 'members?sort=', 'members?status=', 'audit?userID=', 'audit?type=']) {
      await page.goto(`/admin/${query}${said}`)
      await settled(page)
      await expectHarmless(query)
    }
  })
})
