import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { mailTo } from '../../dev/demo/inbox.ts'
import { member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { enterPassword } from './people.ts'

const NEW = 'two pangolins hum along the river'

describe('passwords on the pages', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  const signsInWith = async (page: Page, person: { email: string; password: string }) => {
    await page.goto('/sign-in')
    await enterPassword(page, person)
    await page.getByRole('heading', { name: 'My account' }).waitFor()
  }

  it('are set anew by a mailed link, whose token does not stay in the address', async () => {
    const { email } = await member(jade)
    const page = await visitor(jade)
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()

    const { text } = await mailTo(email, jade.inbox, /Set a new password/)
    const link = String(/https?:\S+\/password\/reset\S+/.exec(text)?.[0])
    await page.goto(link)
    await page.waitForURL('/password/reset')
    await page.reload()
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByRole('heading', { name: 'Your password is set' }).waitFor()
    await signsInWith(page, { email, password: NEW })

    await page.goto(link)
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('This link does not work').waitFor()
  })

  it('are changed by whoever knows the current one, who then is signed out everywhere else', async () => {
    const person = await member(jade)
    const [page, elsewhere] = [await visitor(jade), await visitor(jade)]
    await signsInWith(page, person)
    await signsInWith(elsewhere, person)
    const change = async (current: string) => {
      await page.getByLabel('Current password').fill(current)
      await page.getByLabel('New password').fill(NEW)
      await page.getByRole('button', { name: 'Change the password' }).click()
    }
    let sent = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/password/change')) sent += 1
    })
    await change('not the current one')
    await page.getByText('The current password is wrong').waitFor()
    expect(sent, 'a wrong password is sent once').to.equal(1)
    await change(person.password)
    await page.getByText('Your password is changed').waitFor()
    await jade.eventually(async () => {
      await elsewhere.reload()
      const heading = elsewhere.getByRole('heading', { level: 1 })
      await heading.waitFor()
      return (await heading.innerText()) === 'Sign in'
    }, 5_000)
    await page.reload()
    await page.getByRole('heading', { name: 'My account' }).waitFor()
  })
})
