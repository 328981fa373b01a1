import { expect } from 'chai'
import type { Page, Route } from 'playwright-core'
import { member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { enterPassword } from './people.ts'

const REFRESH = '**/api/v1/auth/refresh'
const AN_ACCESS_TOKEN_LIVES_MS = 10 * 60 * 1_000

describe('a session on the pages', () => {
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
    await page.goto('/account')
    await enterPassword(page, person)
    await isOnAccount(page)
  })

  const isOnAccount = (tab: Page) => tab.getByText(person.email).waitFor()
  const rename = async (tab: Page, name: string) => {
    await tab.getByLabel('Name').fill(name)
    await tab.getByRole('button', { name: 'Save' }).click()
  }

  it('goes on silently, refreshed once, where a token is refused mid-work', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    const forge = (route: Route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer not.a.token' } })
    const saves = '**/api/v1/users/me'
    await page.route(saves, forge, { times: 1 })
    await rename(page, 'Renamed Mid-Work')
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(asked.slice(0, 3)).to.deep.equal([
      'PATCH /api/v1/users/me',
      'POST /api/v1/auth/refresh',
      'PATCH /api/v1/users/me',
    ])
  })

  it('goes on in two tabs whose tokens end at the same instant', async () => {
    const other = await page.context().newPage()
    await other.goto('/account')
    await isOnAccount(other)
    const statuses: number[] = []
    const held: Route[] = []
    // Neither refresh leaves before both are on their way.
    await page.context().route(REFRESH, async (route) => {
      held.push(route)
      if (held.length === 2) await Promise.all(held.map((each) => each.continue()))
    })
    page.context().on('response', (answer) => {
      if (answer.url().endsWith('/auth/refresh')) statuses.push(answer.status())
    })
    for (const tab of [page, other]) await tab.clock.setFixedTime(Date.now() + AN_ACCESS_TOKEN_LIVES_MS)
    await Promise.all([
      rename(page, 'Renamed In One Tab'),
      other.getByRole('button', { name: 'Set up an authenticator' }).click(),
    ])
    await page.getByText('Saved', { exact: true }).waitFor()
    await other.getByRole('img', { name: 'QR code' }).waitFor()
    expect(statuses).to.deep.equal([200, 200])
  })

  it('ends in all tabs where one signs out, and begins again in all', async () => {
    const other = await page.context().newPage()
    await other.goto('/account')
    await isOnAccount(other)
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click()
    for (const tab of [page, other]) await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
    await enterPassword(page, person)
    await isOnAccount(page)
    await other.goto('/account')
    await isOnAccount(other)
  })

  it('says when there is no connection, and goes on when there is one again', async () => {
    await page.context().setOffline(true)
    await rename(page, 'Renamed Offline')
    await page.getByText('No connection').waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()

    await page.route(REFRESH, (route) => route.abort())
    await page.reload()
    await page.getByText('No connection').waitFor()
    await page.unroute(REFRESH)
    await page.getByRole('button', { name: 'Try again' }).click()
    await isOnAccount(page)
  })
})
