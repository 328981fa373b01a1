import { expect } from 'chai'
import type { Page, Route } from 'playwright-core'
import { query } from '../../dev/stack/postgres.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { signInAsAdmin } from './people.ts'

const MANY = 100_000
/** Registered before anybody else, so that "oldest first" begins with them; disabled, as few others are. */
const INSERT = `
  insert into users.users (id, name, email, phone_number, status, created_at)
  select gen_random_uuid(), 'Many ' || n, n || '@many.example', '+6699' || 1000000 + n, 'disabled',
    timestamptz '2001-01-01' + n * interval '1 minute'
  from generate_series(1, ${MANY}) n`
/** Made again after the rows are in: to keep it for each of them takes most of the time. */
const TEXT_INDEX = `select indexdef from pg_indexes where indexname = 'users_by_text'`
const MOST_ROWS = 200
const LIST = '/admin/members?status=disabled&sort=createdAt'

const table = (page: Page) => page.getByRole('region', { name: 'Members' })
/** The n-th member, on the n-th row; the head of the table is the first. */
const row = (page: Page, n: number) =>
  table(page)
    .locator(`tr[aria-rowindex="${n + 1}"]`)
    .getByRole('link', { name: `Many ${n}`, exact: true })
const shows = async (page: Page, n: number) => {
  await row(page, n).waitFor({ timeout: 15_000 })
  expect(await page.locator('tr').count()).to.be.below(MOST_ROWS)
}
/** The part of the way to the end. */
const scrollTo = (page: Page, share: number) =>
  table(page).evaluate((section, to) => {
    section.scrollTop = to * (section.scrollHeight - section.clientHeight)
  }, share)
/** The number of the first whole row below the head, as it is drawn. */
const firstInView = (page: Page) =>
  table(page).evaluate((section) => {
    const head = section.querySelector('thead')?.getBoundingClientRect().bottom ?? 0
    const rows = [...section.querySelectorAll('tr[aria-rowindex]')].slice(1)
    const whole = rows.find((each) => each.getBoundingClientRect().top > head - 1)
    return Number(whole?.getAttribute('aria-rowindex')) - 1
  })

describe('a hundred thousand members in the console', function () {
  this.timeout(120_000)
  let jade: Platform
  let page: Page

  before(async function () {
    needsChromium(this)
    jade = await platform()
    const [index] = await query(jade.databaseUrl, TEXT_INDEX)
    await query(jade.databaseUrl, 'drop index users.users_by_text')
    await query(jade.databaseUrl, INSERT)
    await query(jade.databaseUrl, String(index?.['indexdef']))
    await query(jade.databaseUrl, 'vacuum users.users')
  })
  after(async () => {
    if (jade) await query(jade.databaseUrl, `delete from users.users where email like '%@many.example'`)
  })

  beforeEach(async () => {
    page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await page.goto(LIST)
    await shows(page, 1)
  })

  it('are reached by the scroll bar: the middle, the end, the beginning again', async () => {
    await scrollTo(page, 0.5)
    await shows(page, MANY / 2)
    await scrollTo(page, 0.999)
    await shows(page, MANY * 0.999)
    await scrollTo(page, 0)
    await shows(page, 1)
  })

  it('are reached by keyboard: the end, a page up, the beginning', async () => {
    await table(page).focus()
    await page.keyboard.press('End')
    await shows(page, MANY)
    await page.keyboard.press('PageUp')
    await shows(page, MANY - 36)
    await page.keyboard.press('Home')
    await shows(page, 1)
  })

  it('are found again where they were left: by a link, after a reload, and on the way back', async () => {
    const entries = await page.evaluate('history.length')
    await scrollTo(page, 0.4)
    await page.waitForURL(/&from=\d+$/)
    const left = await firstInView(page)
    expect(left).to.be.closeTo(MANY * 0.4, 20)
    expect(page.url()).to.equal(`${jade.publicUrl}${LIST}&from=${left}`)
    expect(await page.evaluate('history.length')).to.equal(entries)

    const same = async (tab: Page) => {
      await shows(tab, left)
      expect(await firstInView(tab)).to.equal(left)
    }
    const copied = await page.context().newPage()
    await copied.goto(page.url())
    await same(copied)
    await page.reload()
    await same(page)
    await row(page, left + 1).click()
    await page.getByRole('heading', { name: `Many ${left + 1}` }).waitFor()
    await page.goBack()
    await same(page)
  })

  it('begin at the top in another order', async () => {
    await scrollTo(page, 0.4)
    await page.waitForURL(/&from=\d+$/)
    await page.getByRole('button', { name: 'E-mail' }).click()
    await page.waitForURL('/admin/members?status=disabled&sort=email')
    await table(page).locator('tr[aria-rowindex="2"]').getByRole('link').waitFor()
    expect(await firstInView(page)).to.equal(1)
  })
})

const MILLION = 1_000_000

/** What `users` answers has tests of its own: here it is the browser that has to bear them. */
describe('a million members in the console', function () {
  this.timeout(120_000)
  let jade: Platform
  let page: Page

  before(async function () {
    needsChromium(this)
    jade = await platform()
  })

  beforeEach(async () => {
    page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await page.route(/\/api\/v1\/users\?/, answer)
    await page.goto('/admin/members')
    await shows(page, 1)
  })

  const answer = async (route: Route) => {
    const asked = new URL(route.request().url()).searchParams
    const [number, limit] = [Number(asked.get('page')), Number(asked.get('limit'))]
    const data = Array.from({ length: limit }, (_, index) => memberOf((number - 1) * limit + index + 1))
    await route.fulfill({ json: { status: 'success', data, meta: { page: number, limit, total: MILLION } } })
  }
  const memberOf = (n: number) => ({
    ...{ userID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, name: `Many ${n}`, status: 'disabled' },
    ...{ email: `${n}@many.example`, phoneNumber: '+66991000000', createdAt: '2001-01-01T00:00:00.000Z' },
  })

  it('are reached by the scroll bar: the middle, the end, the beginning again', async () => {
    await scrollTo(page, 0.5)
    await shows(page, MILLION / 2)
    await scrollTo(page, 1)
    await shows(page, MILLION)
    await scrollTo(page, 0)
    await shows(page, 1)
  })

  it('are reached by keyboard, screen by screen and row by row wherever one is', async () => {
    await table(page).focus()
    await page.keyboard.press('End')
    await row(page, MILLION).waitFor()
    await scrollTo(page, 0.5)
    await page.waitForURL((url) => Math.abs(Number(url.searchParams.get('from')) - MILLION / 2) < 20)
    const moves = async (key: string, least: number, most: number) => {
      const before = await firstInView(page)
      await page.keyboard.press(key)
      await jade.eventually(async () => (await firstInView(page)) - before >= least, 5_000)
      await page.waitForURL((url) => Number(url.searchParams.get('from')) >= before + least)
      expect((await firstInView(page)) - before, key).to.be.within(least, most)
    }
    const screen = await table(page).evaluate((section) => Math.ceil(section.clientHeight / 44))
    await moves('PageDown', screen / 2, screen)
    await moves('ArrowDown', 1, 2)
    await page.keyboard.press('Home')
    await shows(page, 1)
  })

  it('are found again where they were left, also at the end', async () => {
    for (const share of [0.7, 1]) {
      await scrollTo(page, share)
      await page.waitForURL((url) => Number(url.searchParams.get('from')) > MILLION * share - 100)
      const left = await firstInView(page)
      expect(new URL(page.url()).searchParams.get('from')).to.equal(String(left))
      await page.reload()
      await shows(page, left)
      expect(await firstInView(page)).to.equal(left)
    }
    await shows(page, MILLION)
  })
})
