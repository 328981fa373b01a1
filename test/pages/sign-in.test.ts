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

  it('says the same of an unknown e-mail and of a wrong password', async () => {
    const { email } = await member(jade)
    const page = await visitor(jade)
    await page.goto('/sign-in')
    const said: string[] = []
    for (const tried of [email, newPerson().email]) {
      await enterPassword(page, { email: tried, password: 'not the right password' })
      const alert = page.getByRole('alert').filter({ hasText: /./ })
      await alert.waitFor()
      said.push(await alert.innerText())
      await page.reload()
    }
    expect(said[0]).to.equal(said[1])
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
