import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { signInAsAdmin } from './people.ts'

const FAILURES_THAT_LOCK = 5

describe('the account of a member, in the console', () => {
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
    page = await visitor(jade)
    await signInAsAdmin(page, jade)
  })

  const open = () => page.goto(`/admin/members/${person.userID}`)

  it('is unlocked by an admin', async () => {
    const body = { email: person.email, password: 'not the right password' }
    for (let i = 1; i <= FAILURES_THAT_LOCK; i++) {
      await jade.send('POST', '/api/v1/auth/login', { body, from: `127.0.2.${i}` })
    }
    await open()
    await page.getByRole('button', { name: 'Unlock' }).click()
    await page.getByText('The account is unlocked.').waitFor()
    await page.getByText('not locked').waitFor()
  })

  it('is given roles by an admin, and keeps them', async () => {
    await open()
    await page.getByLabel('Staff').check()
    await page.getByRole('button', { name: 'Set the roles' }).click()
    await page.getByText('The roles are set.').waitFor()
    await page.reload()
    await page.getByLabel('Staff').waitFor()
    expect([await page.getByLabel('Staff').isChecked(), await page.getByLabel('Admin').isChecked()]).to.deep.equal([
      true,
      false,
    ])
  })

  it('has a history of what mattered for its security, by kind', async () => {
    await open()
    await page.getByRole('link', { name: 'Security events' }).click()
    await page.getByRole('cell', { name: 'Signed in' }).waitFor()
    await page.getByRole('cell', { name: 'Password chosen' }).waitFor()
    await page.getByRole('combobox', { name: 'Event' }).selectOption('Signed in')
    await page.getByRole('cell', { name: 'Password chosen' }).waitFor({ state: 'detached' })
    await page.waitForURL(`/admin/audit?userID=${person.userID}&type=login.succeeded`)
    await page.getByRole('link', { name: 'all accounts' }).click()
    await page.getByRole('cell', { name: 'Second factor set up' }).first().waitFor()
  })
})
