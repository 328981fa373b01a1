import { expect } from 'chai'
import { type AppRegistry, appRegistry } from '../e2e/apps.ts'
import { ageSignIn, member } from '../e2e/people.ts'
import { startAppSite } from '../support/app-site.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { expectNoFaults, settled } from './axe.ts'
import { enterPassword, signInAsAdmin } from './people.ts'

describe('signing in to an app of somebody else, in a browser', () => {
  let jade: Platform
  let registry: AppRegistry
  let site: Awaited<ReturnType<typeof startAppSite>>

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
    registry = await appRegistry(jade)
    site = await startAppSite(registry.register, registry.place)
  })
  after(() => site?.stop())

  it('leads through the sign-in and the question back to the app, and out again', async () => {
    const person = await member(jade)
    const page = await visitor(jade, { bypassCSP: true })
    await page.goto(site.url)
    await enterPassword(page, person)
    await page.getByText('Tea House wants to know who you are').waitFor()
    const wanted = await page.getByRole('main').getByRole('listitem').allInnerTexts()
    expect(wanted).to.deep.equal(['which account is yours', 'your e-mail'])
    await settled(page)
    await expectNoFaults(page, 'the question')
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.getByRole('heading', { name: `Signed in as ${person.email}` }).waitFor()

    await page.goto(site.url)
    await page.getByRole('heading', { name: `Signed in as ${person.email}` }).waitFor()

    await page.goto(`${site.url}/sign-out`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Signed out' }).waitFor()
    await page.goto(`${jade.publicUrl}/account`)
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
  })

  it('tells the app where it was not allowed', async () => {
    const page = await visitor(jade)
    await page.goto(site.url)
    await enterPassword(page, await member(jade))
    await page.getByRole('button', { name: 'Do not allow' }).click()
    await page.getByRole('heading', { name: 'Refused: access_denied' }).waitFor()
  })

  it('asks for the password again where the app wants that', async () => {
    const page = await visitor(jade)
    const person = await member(jade)
    await page.goto('/sign-in')
    await enterPassword(page, person)
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    await ageSignIn(jade, person.email) // a sign-in within the second of the request is none too old
    await page.goto(`${site.url}/?max_age=0`)
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await enterPassword(page, person)
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.getByRole('heading', { name: `Signed in as ${person.email}` }).waitFor()
  })

  it('asks for a code again where the app wants that, of who has a second factor', async () => {
    const page = await visitor(jade)
    const { email, code } = await signInAsAdmin(page, jade)
    await ageSignIn(jade, email)
    await page.goto(`${site.url}/?prompt=login`)
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page
      .getByRole('dialog')
      .getByLabel('Six digits')
      .fill(await code())
    await page.getByRole('heading', { name: `Signed in as ${email}` }).waitFor()
  })

  it('says so where nobody asks', async () => {
    const page = await visitor(jade)
    await page.goto('/oauth/consent')
    await enterPassword(page, await member(jade))
    await page.getByText('This has expired').waitFor()
  })
})
