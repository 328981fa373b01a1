import { expect } from 'chai'
import { member, newPerson } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { enrol, enterPassword } from './people.ts'

describe('signing in on the pages', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  it('leads a member to where they wanted to go, and stays through a reload', async () => {
    const person = await member(jade)
    const page = await visitor(jade)
    await page.goto('/account')
    await enterPassword(page, person)
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    await page.reload()
    await page.getByText(person.email).waitFor()
    expect(new URL(page.url()).pathname).to.equal('/account')
  })

  it('says the same of an unknown e-mail, of one that is not confirmed and of a wrong password', async () => {
    const { email } = await member(jade)
    const newcomer = { ...newPerson(), password: 'not the right password' }
    expect((await jade.send('POST', '/api/v1/auth/register', { body: newcomer })).status).to.equal(201)
    const page = await visitor(jade)
    await page.goto('/sign-in')
    for (const tried of [email, newPerson().email, newcomer.email]) {
      await enterPassword(page, { email: tried, password: newcomer.password })
      await page.getByRole('alert').getByText('or the e-mail has not been confirmed yet').waitFor()
      await page.reload()
    }
    await page.getByRole('link', { name: 'No confirmation mail?' }).click()
    await page.getByRole('button', { name: 'Send another mail' }).waitFor()
  })

  it('lets staff do nothing before they have enrolled, then asks them for a code', async () => {
    const admin = { email: newPerson().email, password: 'an admin needs a long passphrase' }
    await jade.createAdmin(admin.email, admin.password)
    const page = await visitor(jade)
    await page.goto('/sign-in')
    await enterPassword(page, admin)
    const code = await enrol(page)
    const list = page.getByRole('list', { name: 'Backup codes' })
    await list.waitFor()
    const backupCodes = await list.getByRole('listitem').allInnerTexts()
    expect(new Set(backupCodes)).to.have.property('size', 10)
    await page.getByRole('button', { name: 'sign in' }).click()
    await enterPassword(page, admin)
    await page.getByLabel('Six digits').fill(await code())
    await page.getByRole('heading', { name: 'My account' }).waitFor()
  })
})
