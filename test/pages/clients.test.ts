import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { ageSignIn, member, staffMember } from '../e2e/people.ts'
import { startAppSite } from '../support/app-site.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { refusal, relyingParty } from '../support/relying-party.ts'
import { expectNoFaults, settled } from './axe.ts'
import { enrolAndSignIn, enterPassword, signInAsAdmin } from './people.ts'

const PHONE = { bypassCSP: true, viewport: { width: 320, height: 640 } }

interface Form {
  name: string
  redirectUris: string[]
  postLogoutRedirectUris?: string[]
}

describe('apps of others in the console', function () {
  this.timeout(120_000)
  let jade: Platform

  before(async function () {
    needsChromium(this)
    jade = await platform()
  })

  const place = () => ({ issuer: jade.publicUrl, fetch })

  async function open(page: Page): Promise<void> {
    await page.goto('/admin/clients')
    await settled(page)
  }

  const register = (page: Page) => page.getByRole('button', { name: 'Register an app' }).click()

  async function fillIn(page: Page, { name, redirectUris, postLogoutRedirectUris = [] }: Form): Promise<void> {
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Redirect URIs, one a line').fill(redirectUris.join('\n'))
    await page.getByLabel('Redirect URIs after sign-out').fill(postLogoutRedirectUris.join('\n'))
  }

  async function copied(page: Page, what: string): Promise<string> {
    const button = page.getByRole('button', { name: `Copy: ${what}` })
    await button.click()
    await button.locator('..').getByText('Copied').waitFor()
    return page.evaluate('navigator.clipboard.readText()')
  }

  it('are registered with a fresh code, and sign people in with the secret that was shown once', async () => {
    const page = await visitor(jade, { permissions: ['clipboard-read', 'clipboard-write'] })
    const { email, code } = await signInAsAdmin(page, jade)
    await ageSignIn(jade, email)
    await open(page)
    const site = await startAppSite(async (addresses) => {
      await fillIn(page, { name: 'Noodle Bar', ...addresses })
      await page.getByLabel('E-mail (email)').check()
      await register(page)
      await page.getByLabel('Six digits').fill(await code())
      await page.getByText('Registered.').waitFor()
      return {
        ...addresses,
        clientID: await copied(page, 'Client ID'),
        clientSecret: await copied(page, 'Client secret'),
      }
    }, place())
    try {
      const person = await member(jade)
      const browser = await visitor(jade)
      await browser.goto(site.url)
      await enterPassword(browser, person)
      await browser.getByRole('button', { name: 'Allow', exact: true }).click()
      await browser.getByRole('heading', { name: `Signed in as ${person.email}` }).waitFor()
    } finally {
      await site.stop()
    }
    const row = page.getByRole('row', { name: 'Noodle Bar' })
    await row.getByText(`${site.url}/left`).waitFor()
    await row.getByText('openid email').waitFor()
    await page.reload()
    await row.waitFor()
    expect(await page.getByText('Client secret').count()).to.equal(0)
  })

  it('are given a new secret when an admin says so, and the old one is refused', async () => {
    const page = await visitor(jade, { permissions: ['clipboard-read', 'clipboard-write'] })
    await signInAsAdmin(page, jade)
    await open(page)
    const redirectUris = ['https://forgetful.example/callback']
    await fillIn(page, { name: 'Forgetful', redirectUris })
    await register(page)
    await page.getByText('Registered.').waitFor()
    const clientID = await copied(page, 'Client ID')
    const withSecret = async () =>
      relyingParty({ clientID, redirectUris, clientSecret: await copied(page, 'Client secret') }, place())
    const before = await withSecret()
    expect(await before.introspect('no token')).to.deep.equal({ active: false })

    await page.reload()
    await page.getByRole('row', { name: 'Forgetful' }).getByRole('button', { name: 'New secret' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    await page.getByText('The old secret has ended.').waitFor()
    const after = await withSecret()
    expect(await after.introspect('no token')).to.deep.equal({ active: false })
    expect(await refusal(before.introspect('no token'))).to.equal('invalid_client')
  })

  it('are known no more once they were removed, which is asked first', async () => {
    const page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await open(page)
    await fillIn(page, { name: 'Short Lived', redirectUris: ['http://127.0.0.1/callback'] })
    await page.getByLabel('It can keep a secret').uncheck()
    await register(page)
    await page.getByText('Registered.').waitFor()
    expect(await page.getByText('Client secret').count(), 'of an app that keeps none').to.equal(0)
    const redirectUris = ['http://127.0.0.1/callback']
    const clientID = await page.getByRole('code').innerText()
    const app = await relyingParty({ clientID, redirectUris }, place())
    const { url } = await app.begin()
    expect((await fetch(url, { redirect: 'manual' })).status).to.equal(303)

    const remove = page.getByRole('row', { name: 'Short Lived' }).getByRole('button', { name: 'Remove' })
    await remove.click()
    const question = page.getByRole('dialog', { name: 'Remove this app?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await remove.click()
    await question.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Removed.').waitFor()
    await remove.waitFor({ state: 'detached' })
    expect(await page.getByRole('code').count(), 'what is shown of it').to.equal(0)
    expect((await fetch(url, { redirect: 'manual' })).status).to.equal(400)
  })

  it('are not registered with what is wrong, which is said beside its field', async () => {
    const page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await open(page)
    const said = (label: string) => page.getByLabel(label, { exact: true }).locator('xpath=following-sibling::p')
    await register(page)
    await said('Name').getByText('Enter 2 to 200 characters.').waitFor()
    await said('Redirect URIs, one a line').getByText('Enter 1 to 20 addresses.').waitFor()
    await fillIn(page, {
      name: 'Careless',
      redirectUris: ['https://careless.example/', 'https://*.careless.example/'],
      postLogoutRedirectUris: ['http://careless.example/'],
    })
    await register(page)
    await page.getByRole('alert').getByText('Some fields need another look.').waitFor()
    expect(await said('Redirect URIs, one a line').innerText()).to.match(/Not so: https:\/\/\*\.careless\.example\/$/)
    await said('Redirect URIs after sign-out (optional), one a line').getByText('http://careless.example/').waitFor()
    expect(await page.getByRole('row', { name: 'Careless' }).count()).to.equal(0)
  })

  it('are not shown to staff who are no admins', async () => {
    const page = await visitor(jade)
    await enrolAndSignIn(page, await staffMember(jade))
    await open(page)
    await page.getByText('Only admins may do that.').waitFor()
    const areas = await page.getByRole('navigation', { name: 'Console' }).getByRole('link').allInnerTexts()
    expect(areas).to.include('System').and.not.include('Apps')
    expect(await page.getByRole('button', { name: 'Register an app' }).count()).to.equal(0)
  })

  it('have no accessibility fault where one was registered, on a phone, nor in the dialog', async () => {
    const page = await visitor(jade, PHONE)
    await signInAsAdmin(page, jade)
    await open(page)
    await register(page)
    await expectNoFaults(page, 'the faulty form')
    const name = 'Boundless'.repeat(20)
    await fillIn(page, { name, redirectUris: [`https://${'long.'.repeat(40)}example/callback`] })
    await register(page)
    await page.getByText('Registered.').waitFor()
    await expectNoFaults(page, 'the secret')
    await page.getByRole('row', { name: 'Boundless' }).getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').waitFor()
    await expectNoFaults(page, 'the question')
  })
})
