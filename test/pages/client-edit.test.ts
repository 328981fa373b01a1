import { expect } from 'chai'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type AppRegistry, appRegistry, CLIENTS } from '../e2e/apps.ts'
import { ageSignIn } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { expectNoFaults, settled } from './axe.ts'
import { type SignedInAdmin, signInAsAdmin } from './people.ts'

const PHONE = { bypassCSP: true, viewport: { width: 320, height: 640 } }

describe('an app of somebody else, edited in the console', function () {
  this.timeout(120_000)
  let jade: Platform
  let registry: AppRegistry
  let page: Page
  let admin: SignedInAdmin

  before(async function () {
    needsChromium(this)
    jade = await platform()
    registry = await appRegistry(jade)
  })

  async function begin(name: string, { isStale, ...options }: BrowserContextOptions & { isStale?: boolean } = {}) {
    const { clientID } = await registry.register({ name, confidential: true })
    page = await visitor(jade, options)
    admin = await signInAsAdmin(page, jade)
    if (isStale) await ageSignIn(jade, admin.email)
    await page.goto('/admin/clients')
    await settled(page)
    await edit(name).press('Enter')
    await form(name).getByRole('button', { name: 'Save' }).waitFor()
    return clientID
  }
  const edit = (name: string) => page.getByRole('button', { name: `Edit: ${name}` })
  const form = (name: string) => page.getByRole('region', { name: `Edit ${name}` })
  const stored = async (clientID: string) =>
    (await jade.send('GET', `${CLIENTS}/${clientID}`, { headers: registry.headers })).body?.data

  it('is saved with a fresh code, and no more than was changed is another', async () => {
    const clientID = await begin('A Bakery', { isStale: true })
    const before = await stored(clientID)
    const fields = form('A Bakery')
    await fields.getByLabel('Name', { exact: true }).fill('A Patisserie')
    await fields.getByLabel('Redirect URIs, one a line').fill('https://sweet.example/callback\nhttps://sweet.example/2')
    await fields.getByLabel('Phone number (phone)').uncheck()
    await fields.getByRole('button', { name: 'Save' }).press('Enter')
    await page
      .getByRole('dialog')
      .getByLabel('Six digits')
      .fill(await admin.code())
    await page.getByText('Saved.').waitFor()
    await page.getByRole('row', { name: 'A Patisserie' }).getByText('https://sweet.example/2').waitFor()
    expect(await fields.count()).to.equal(0)
    expect(await stored(clientID)).to.deep.equal({
      ...before,
      name: 'A Patisserie',
      redirectUris: ['https://sweet.example/callback', 'https://sweet.example/2'],
      scopes: ['openid', 'profile', 'email', 'offline_access'],
    })
  })

  it('is shown as somebody else has made it meanwhile, and saved after that', async () => {
    const clientID = await begin('A Busy Place')
    const body = { name: 'A Busier Place' }
    await jade.send('PATCH', `${CLIENTS}/${clientID}`, { headers: registry.headers, body })
    await form('A Busy Place').getByLabel('Name', { exact: true }).fill('Too Late')
    await form('A Busy Place').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Somebody else changed this app').waitFor()
    const name = page.getByRole('region', { name: 'Edit' }).getByLabel('Name', { exact: true })
    await jade.eventually(async () => (await name.inputValue()) === 'A Busier Place', 5_000)
    await name.fill('A Place In The End')
    await page.getByRole('region', { name: 'Edit' }).getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    expect((await stored(clientID))?.['name']).to.equal('A Place In The End')
  })

  it('is told what is wrong beside its field, and left as it was where one cancels', async () => {
    const clientID = await begin('A Careful Place', PHONE)
    const fields = form('A Careful Place')
    await fields.getByLabel('Redirect URIs, one a line').fill('http://careful.example/')
    await fields.getByRole('button', { name: 'Save' }).click()
    await fields.getByText('Not so: http://careful.example/').waitFor()
    await expectNoFaults(page, 'the faulty form')
    await fields.getByRole('button', { name: 'Cancel' }).press('Enter')
    await fields.waitFor({ state: 'detached' })
    await page.getByRole('main').locator(':focus').waitFor({ state: 'attached' })
    expect((await stored(clientID))?.['redirectUris']).to.deep.equal(['https://tea.example/callback'])
  })

  it('has no accessibility fault, in Thai on a phone', async () => {
    const { clientID } = await registry.register({ name: 'Acreage'.repeat(25), confidential: true })
    page = await visitor(jade, PHONE)
    await signInAsAdmin(page, jade)
    await page.getByRole('button', { name: 'ไทย' }).click()
    await page.goto('/admin/clients')
    await page.getByRole('row').filter({ hasText: clientID }).getByRole('button', { name: 'แก้ไข' }).click()
    await page.getByRole('button', { name: 'บันทึก' }).waitFor()
    await expectNoFaults(page, 'the form')
  })
})
