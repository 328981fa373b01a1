import { join } from 'node:path'
import { expect } from 'chai'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { mailTo } from '../../dev/demo/inbox.ts'
import { newPerson } from '../e2e/people.ts'
import { needsChromium, SCREENS, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { enrol, enterPassword, signInAsAdmin } from './people.ts'

const BROWSERS: Record<string, BrowserContextOptions> = {
  desktop: { viewport: { width: 1_200, height: 800 } },
  phone: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
}
const PASSWORD = 'a member needs words of their own'

for (const [kind, options] of Object.entries(BROWSERS)) {
  describe(`the whole story in a browser, on a ${kind}`, () => {
    let jade: Platform
    let page: Page
    const person = newPerson(`Somchai ${kind}`)

    before(async function () {
      this.timeout(120_000)
      needsChromium(this)
      jade = await platform()
    })

    beforeEach(async () => {
      page = await visitor(jade, options)
    })

    const keep = (name: string) => page.screenshot({ path: join(SCREENS, `${kind}-${name}.png`) })

    it('a visitor registers and confirms by the mail', async () => {
      await page.goto('/')
      await page.getByRole('link', { name: 'Become a member' }).click()
      await page.getByLabel('Name').fill(person.name)
      await page.getByLabel('E-mail').fill(person.email)
      await page.getByLabel('Phone number').fill(person.phoneNumber)
      await keep('register')
      await page.getByRole('button', { name: 'Register' }).click()
      await page.getByRole('heading', { name: 'Thank you for registering' }).waitFor()
      const [link] = /https?:\S+\/register\/confirm\S+/.exec((await mailTo(person.email, jade.inbox)).text) ?? []
      await page.goto(String(link))
      await page.getByLabel('Password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Confirm' }).click()
      await page.getByRole('heading', { name: 'Your membership is confirmed' }).waitFor()
    })

    it('the member signs in, sets up a second factor and needs it from then on', async () => {
      await page.goto('/sign-in')
      await enterPassword(page, { email: person.email, password: PASSWORD })
      await page.getByRole('button', { name: 'Set up an authenticator' }).click()
      await page.getByRole('img', { name: 'QR code' }).waitFor()
      await keep('enrolment')
      const code = await enrol(page)
      await page.getByRole('list', { name: 'Backup codes' }).waitFor()
      await page.getByRole('button', { name: 'Sign out', exact: true }).last().click()
      await enterPassword(page, { email: person.email, password: PASSWORD })
      await keep('code')
      await page.getByLabel('Six digits').fill(await code())
      await page.getByText('10 backup codes are left').waitFor()
      await keep('account')
    })

    it('an admin finds the member, edits them, and is signed out from a second browser', async () => {
      const admin = await signInAsAdmin(page, jade)
      await page.goto('/admin/members')
      await page.getByLabel('Search').fill(person.email)
      await page.getByRole('link', { name: person.name }).waitFor()
      await keep('members')
      await page.getByRole('link', { name: person.name }).click()
      await page.getByRole('heading', { name: person.name }).waitFor()
      await page.getByLabel('Name').fill('Somchai Edited')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('heading', { name: 'Somchai Edited' }).waitFor()
      await keep('member')

      const second = await visitor(jade, options)
      await second.goto('/account')
      await enterPassword(second, admin)
      await second.getByLabel('Six digits').fill(await admin.code())
      await second.getByRole('button', { name: 'Sign out everywhere' }).click()
      await second.getByRole('heading', { name: 'Sign in' }).waitFor()
      await jade.eventually(async () => {
        await page.reload()
        const heading = page.getByRole('heading', { level: 1 })
        await heading.waitFor()
        return (await heading.innerText()) === 'Sign in'
      }, 5_000)
      expect(new URL(page.url()).searchParams.get('next')).to.match(/^\/admin\/members\//)
    })
  })
}
