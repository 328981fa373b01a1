import { expect } from 'chai'
import type { Page } from 'playwright-core'
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
    await page.goto('/admin/members?status=disabled&sort=createdAt')
    await shows(1)
  })

  const table = () => page.getByRole('region', { name: 'Members' })
  /** The n-th member, on the n-th row; the head of the table is the first. */
  const shows = async (n: number) => {
    const row = table().locator(`tr[aria-rowindex="${n + 1}"]`)
    await row.getByRole('link', { name: `Many ${n}`, exact: true }).waitFor({ timeout: 15_000 })
    expect(await page.locator('tr').count()).to.be.below(MOST_ROWS)
  }
  const scrollTo = (share: number) =>
    table().evaluate((section, to) => {
      section.scrollTop = to * (section.scrollHeight - section.clientHeight)
    }, share)

  it('are reached by the scroll bar: the middle, the end, the beginning again', async () => {
    await scrollTo(0.5)
    await shows(MANY / 2)
    await scrollTo(0.999)
    await shows(MANY * 0.999)
    await scrollTo(0)
    await shows(1)
  })

  it('are reached by keyboard: the end, a page up, the beginning', async () => {
    await table().focus()
    await page.keyboard.press('End')
    await shows(MANY)
    await page.keyboard.press('PageUp')
    await shows(MANY - 36)
    await page.keyboard.press('Home')
    await shows(1)
  })
})
