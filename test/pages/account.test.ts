import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { ageSignIn, member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { expectNoFaults } from './axe.ts'
import { enrol, enterPassword } from './people.ts'

describe('the account page', () => {
  let jade: Platform
  let page: Page
  let person: Awaited<ReturnType<typeof member>>

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  beforeEach(async () => {
    person = await member(jade)
    page = await visitor(jade, { bypassCSP: true })
    await signIn(page)
  })

  const signIn = async (tab: Page) => {
    await tab.goto('/account')
    await enterPassword(tab, person)
    await tab.getByRole('button', { name: 'Set up an authenticator' }).waitFor()
  }
  const region = (name: string) => page.getByRole('region', { name })

  it('is one step from the start page', async () => {
    await page.goto('/')
    await page.getByRole('main').getByRole('link', { name: 'My account' }).click()
    await page.getByRole('heading', { name: 'My account' }).waitFor()
  })

  it('saves once where the button is clicked twice', async () => {
    let saves = 0
    page.on('request', (request) => {
      if (request.method() === 'PATCH') saves += 1
    })
    await page.getByLabel('Name').fill('Clicked Twice')
    await page.getByRole('button', { name: 'Save' }).dblclick()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(saves).to.equal(1)
  })

  it('keeps the focus beside a session that was ended, and a second factor that was turned off', async () => {
    await signIn(await visitor(jade))
    await page.reload()
    const sessions = region('Where you are signed in')
    const others = sessions.getByRole('button', { name: 'Sign out' })
    await others.last().waitFor()
    const before = await others.count()
    await others.last().press('Enter')
    await jade.eventually(async () => (await others.count()) < before, 5_000)
    await sessions.locator(':focus').waitFor()

    const secondFactor = region('Second factor')
    await secondFactor.getByRole('button', { name: 'Set up an authenticator' }).click()
    const code = await enrol(page)
    await secondFactor.getByRole('button', { name: 'Turn off' }).press('Enter')
    await page
      .getByRole('dialog')
      .getByLabel('Six digits')
      .fill(await code())
    await secondFactor.getByRole('button', { name: 'Set up an authenticator' }).waitFor()
    await secondFactor.locator(':focus').waitFor()
  })

  it('asks for the password again where the sign-in was a while ago, before an authenticator is set up', async () => {
    await ageSignIn(jade, person.email)
    const begin = page.getByRole('button', { name: 'Set up an authenticator' })
    const dialog = page.getByRole('dialog', { name: 'Enter your password again' })
    await begin.press('Enter')
    await dialog.getByLabel('Current password').and(page.locator(':focus')).waitFor()
    await expectNoFaults(page, 'the dialog')
    await page.keyboard.press('Escape')
    await begin.and(page.locator(':focus')).waitFor()

    await begin.press('Enter')
    // Not a real wrong one: it would count against the address that all tests share.
    const stepUp = '**/api/v1/auth/step-up'
    await page.route(stepUp, (route) => route.fulfill({ status: 401, json: { code: 'INVALID_CREDENTIALS' } }))
    await page.keyboard.type('not the right password')
    await page.keyboard.press('Enter')
    await dialog.getByText('The current password is wrong.').waitFor()
    await page.unroute(stepUp)
    await dialog.getByLabel('Current password').fill(person.password)
    await page.keyboard.press('Enter')
    await enrol(page)
    await page.getByText('10 backup codes are left').waitFor()
  })

  it('says which part does not come, and asks for it again', async () => {
    const sessions = '**/api/v1/auth/sessions?*'
    await page.route(sessions, (route) => route.fulfill({ status: 429, json: {} }))
    await page.reload()
    const part = region('Where you are signed in')
    await part.getByText('Too busy').waitFor()
    await page.unroute(sessions)
    await part.getByRole('button', { name: 'Try again' }).click()
    await part.getByText('this one').waitFor()
  })
})
