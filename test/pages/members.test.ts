import type { Page } from 'playwright-core'
import { newPerson, registered, statusBecomes } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { signInAsAdmin } from './people.ts'

describe('the members page of the console', () => {
  let jade: Platform
  let page: Page

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
    for (const name of ['Somebody Else', 'Anong Searchable', 'Boonsri Searchable']) {
      const { userID } = await registered(jade, newPerson(name))
      await statusBecomes(jade, userID, 'confirmation_sent') // there, and older than the next
    }
  })

  beforeEach(async () => {
    page = await visitor(jade)
    await signInAsAdmin(page, jade)
  })

  const names = () => page.locator('tbody a').allInnerTexts()
  const shows = (...expected: string[]) =>
    jade.eventually(async () => JSON.stringify(await names()) === JSON.stringify(expected), 10_000)

  it('finds members as one types, and sorts them; the address says it all', async () => {
    await page.goto('/admin/members')
    await page.getByLabel('Search').fill('searchable')
    await shows('Boonsri Searchable', 'Anong Searchable')
    await page.getByRole('button', { name: 'Name' }).click()
    await shows('Anong Searchable', 'Boonsri Searchable')
    await page.waitForURL('/admin/members?search=searchable&sort=name')
    await page.reload()
    await shows('Anong Searchable', 'Boonsri Searchable')
    await page.getByLabel('Status').selectOption('disabled')
    await shows()
  })

  it('counts registrations while one looks on', async () => {
    await page.goto('/admin/members')
    const count = page.getByRole('region', { name: 'Registrations' }).locator('strong')
    await jade.eventually(async () => Number(await count.innerText()) >= 0, 10_000)
    const before = Number(await count.innerText())
    await registered(jade)
    await registered(jade)
    await jade.eventually(async () => Number(await count.innerText()) > before, 10_000)
  })
})
