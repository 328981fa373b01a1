import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { settled } from './axe.ts'
import { signInAsAdmin } from './people.ts'

const FIRST_PAGES = ['/', '/register', '/sign-in']
const FIRST_LOAD_BYTES = 200 * 1024

const TRANSFERRED = `['navigation', 'resource']
  .flatMap((type) => performance.getEntriesByType(type))
  .reduce((sum, { transferSize }) => sum + transferSize, 0)`

/** But those within half a second of an input (Layout Instability API). */
const WATCH_SHIFTS = `
  globalThis.shifts = []
  globalThis.watch = new PerformanceObserver((list) => note(list.getEntries()))
  const note = (entries) => {
    for (const { hadRecentInput, sources } of entries)
      if (!hadRecentInput) shifts.push(...sources.map(({ node }) => node?.textContent ?? '?'))
  }
  watch.observe({ type: 'layout-shift', buffered: true })`

/** What a frame shifts is reported after the next one. */
const SHIFTS = `(async () => {
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  return shifts
})()`

describe('the pages, as they load', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  for (const path of FIRST_PAGES) {
    it(`come with less than 200 KB at first: ${path}`, async () => {
      const page = await visitor(jade)
      await page.goto(path, { waitUntil: 'networkidle' })
      const bytes = await page.evaluate(TRANSFERRED)
      expect(bytes).to.be.within(50 * 1024, FIRST_LOAD_BYTES)
    })
  }

  it('say so where a part of them does not come, and try again', async () => {
    const page = await visitor(jade)
    await page.goto('/')
    await settled(page)
    await page.route('**/assets/*', (route) => route.abort())
    await page.getByRole('link', { name: 'Become a member' }).click()
    await page.getByText('That did not work').waitFor()
    await page.unroute('**/assets/*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Become a member' }).waitFor()
  })

  it('ask once who is signed in, and again where one says so', async () => {
    const page = await visitor(jade)
    await signInAsAdmin(page, jade)
    let asked = 0
    await page.route('**/api/v1/auth/me', (route) => {
      asked += 1
      return route.fulfill({ status: 429, json: {} })
    })
    await page.goto('/admin/system')
    await page.getByText('Too busy').waitFor()
    expect(asked).to.equal(1)
    await page.unroute('**/api/v1/auth/me')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'System', level: 1 }).waitFor()
  })

  it('do not move what is there, unless somebody asked for it', async () => {
    const page = await visitor(jade)
    await page.addInitScript(WATCH_SHIFTS)
    const { userID } = await member(jade)
    for (const path of FIRST_PAGES) await expectStill(page, path)
    await signInAsAdmin(page, jade)
    const areas = ['/account', '/admin/members', `/admin/members/${userID}`, '/admin/audit']
    for (const path of areas) await expectStill(page, path)
  })
})

async function expectStill(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await settled(page)
  // The members' live count and the rows come last.
  if (path === '/admin/members') await page.locator('tbody a').first().waitFor()
  const shifts = await page.evaluate(SHIFTS)
  expect(shifts, path).to.deep.equal([])
}
