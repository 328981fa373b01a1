import { expect } from 'chai'
import { type AppRegistry, appRegistry } from '../e2e/apps.ts'
import { member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { refusal, relyingParty } from '../support/relying-party.ts'
import { expectNoFaults, settled } from './axe.ts'
import { enterPassword } from './people.ts'

const OFFLINE = { scope: 'openid email offline_access', prompt: 'consent' }
const PHONE = { bypassCSP: true, viewport: { width: 320, height: 640 } }

describe('apps that somebody has allowed, on the account page', () => {
  let jade: Platform
  let registry: AppRegistry

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
    registry = await appRegistry(jade)
  })

  /** A member who has allowed an app of this name to go on while they are away. */
  async function memberWithApp(name: string) {
    const person = await member(jade)
    const app = await relyingParty(await registry.register({ name, confidential: true }), registry.place)
    const { tokens } = await app.authorize(registry.browser(person.accessToken), OFFLINE)
    return { person, app, tokens }
  }

  it('are shown with what they may see, and allowed nothing any more once that is withdrawn, by keyboard alone', async () => {
    const { person, app, tokens } = await memberWithApp('Wonton Cart')
    const page = await visitor(jade)
    await page.goto('/account')
    await enterPassword(page, person)
    const apps = page.getByRole('region', { name: 'Apps you allowed' })
    const entry = apps.getByRole('listitem').filter({ hasText: 'Wonton Cart' })
    expect(await entry.innerText()).to.match(/which account is yours, your e-mail, .*while you are not using it/)
    await apps.getByRole('button', { name: 'Withdraw: Wonton Cart' }).press('Enter')
    await apps.getByText('None').waitFor()
    await apps.locator(':focus').waitFor({ state: 'attached' })
    expect(await refusal(app.refresh(tokens.refresh_token))).to.equal('invalid_grant')
  })

  it('are gone with the session that is ended', async () => {
    const { person } = await memberWithApp('Weekend Market')
    const page = await visitor(jade)
    await page.goto('/account')
    await enterPassword(page, person)
    await page.getByText('Weekend Market').waitFor()
    const sessions = page.getByRole('region', { name: 'Where you are signed in' })
    for (const others = sessions.getByRole('button', { name: 'Sign out' }); (await others.count()) > 0; ) {
      const before = await others.count()
      await others.first().click()
      await jade.eventually(async () => (await others.count()) < before, 5_000)
    }
    await page.getByText('Weekend Market').waitFor({ state: 'detached' })
  })

  for (const [language, options] of Object.entries({ English: {}, Thai: { locale: 'th-TH' } }))
    it(`have no accessibility fault and never scroll sideways on a phone, in ${language}`, async () => {
      const { person } = await memberWithApp('Unending'.repeat(25))
      const page = await visitor(jade, { ...PHONE, ...options })
      await page.goto('/sign-in')
      await page.locator('input[type=email]').fill(person.email)
      await page.locator('input[type=password]').fill(person.password)
      await page.keyboard.press('Enter')
      await page.getByText('UnendingUnending').waitFor()
      await settled(page)
      await expectNoFaults(page, language)
    })
})
