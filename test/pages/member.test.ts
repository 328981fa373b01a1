import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { ageSignIn, newPerson, registered } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { type SignedInAdmin, signInAsAdmin } from './people.ts'

describe('the page of one member', () => {
  let jade: Platform
  let page: Page
  let admin: SignedInAdmin
  let userID: string

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  beforeEach(async () => {
    userID = (await registered(jade, newPerson('Anong'))).userID
    page = await visitor(jade)
    admin = await signInAsAdmin(page, jade)
  })

  const open = async (tab: Page) => {
    await tab.goto(`/admin/members/${userID}`)
    await tab.getByRole('heading', { name: 'Anong' }).waitFor()
  }
  /** The page shows a change before the server has judged it. */
  const save = async (tab: Page, name: string) => {
    await tab.getByLabel('Name').fill(name)
    const judged = tab.waitForResponse((answer) => answer.request().method() === 'PATCH')
    await tab.getByRole('button', { name: 'Save' }).click()
    await judged
  }

  it('edits, disables and enables, and shows in the history who did', async () => {
    await open(page)
    await save(page, 'Anong Edited')
    await page.getByRole('heading', { name: 'Anong Edited' }).waitFor()
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('Status: Disabled').waitFor()
    await page.getByText('Saved').waitFor()
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByText('Status: Registered').waitFor()
    const history = page.getByRole('region', { name: 'History' }).getByRole('listitem')
    await jade.eventually(async () => (await history.count()) === 3, 5_000)
    expect(await history.last().innerText()).to.include('changed Name')
  })

  it('takes back what could not be saved, but for what was typed', async () => {
    await open(page)
    await page.route('**/api/v1/users/*', (route) =>
      route.request().method() === 'PATCH' ? route.fulfill({ status: 503, json: {} }) : route.continue(),
    )
    await save(page, 'Anong Later')
    await page.getByText('Too busy').waitFor()
    await page.getByRole('heading', { name: 'Anong', exact: true }).waitFor()
    await page.unroute('**/api/v1/users/*')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('heading', { name: 'Anong Later' }).waitFor()
  })

  it('says when somebody else was faster, shows what they changed, and then saves', async () => {
    await open(page)
    const other = await page.context().newPage()
    await open(other)
    await save(other, 'Changed By Another')
    await other.getByRole('heading', { name: 'Changed By Another' }).waitFor()
    await save(page, 'Changed Too Late')
    await page.getByText('Somebody else changed this member').waitFor()
    await page.getByRole('heading', { name: 'Changed By Another' }).waitFor()
    expect(await page.getByLabel('Name').inputValue()).to.equal('Changed By Another')
    await save(page, 'Changed In The End')
    await page.getByRole('heading', { name: 'Changed In The End' }).waitFor()
  })

  it('deletes once that was meant, and the second factor was shown again', async () => {
    await ageSignIn(jade, admin.email)
    await open(page)
    const dialog = page.getByRole('dialog')
    const remove = async () => {
      await page.getByRole('button', { name: 'Delete', disabled: false }).click()
      await dialog.getByText('Delete this member?').waitFor()
    }
    await remove()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await remove()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByText('Show your second factor again').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await remove()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByLabel('Six digits').fill(await admin.code())
    await page.waitForURL('/admin/members')
    await page.goto(`/admin/members/${userID}`)
    await page.getByText('There is no such member').waitFor()
  })
})
