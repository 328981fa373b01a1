import { expect } from 'chai'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { expectNoFaults, settled } from './axe.ts'

const PUBLIC_PAGES = [
  '/',
  '/register',
  '/register/confirm?token=x',
  '/sign-in',
  '/register/resend',
  '/password/forgot',
  '/password/reset?token=x',
  '/register/nowhere',
]
const LOOKS: Record<string, BrowserContextOptions> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'a phone': { viewport: { width: 320, height: 640 }, hasTouch: true },
  'a zoom of 200 %': { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  Thai: { locale: 'th-TH', viewport: { width: 320, height: 640 } },
}

describe('the public pages', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  for (const [look, options] of Object.entries(LOOKS)) {
    it(`have no accessibility fault and never scroll sideways, in ${look}`, async () => {
      const page = await visitor(jade, { ...options, bypassCSP: true })
      for (const path of PUBLIC_PAGES) {
        await page.goto(path)
        await settled(page)
        await expectNoFaults(page, path)
      }
    })
  }

  it('have no accessibility fault where they refuse something', async () => {
    const page = await visitor(jade, { bypassCSP: true })
    for (const path of ['/register', '/sign-in', '/password/forgot', '/password/reset?token=x']) {
      await page.goto(path)
      await page.getByRole('textbox').first().fill('short')
      await page.locator('form button').click()
      await page.locator('[aria-invalid=true], [role=alert]:not(:empty)').first().waitFor()
      await expectNoFaults(page, path)
    }
  })

  it('are used by keyboard alone: past what is around them, and into what comes next', async () => {
    const page = await visitor(jade)
    await page.goto('/')
    await settled(page)
    await page.keyboard.press('Tab')
    expect(await focused(page)).to.equal('Skip to content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused(page)).to.equal('Become a member')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Become a member' }).waitFor()
    expect(await focused(page)).to.equal('Become a member')
    await page.keyboard.press('Tab')
    await page.keyboard.type('ก')
    await page.keyboard.press('Tab')
    await page.getByText('Enter 2 to 200 characters.').waitFor()
  })

  it('speak the language that was chosen, after a reload too', async () => {
    const page = await visitor(jade)
    await page.goto('/register')
    await page.getByRole('button', { name: 'ไทย' }).click()
    await page.getByRole('heading', { name: 'สมัครสมาชิก' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'สมัครสมาชิก' }).waitFor()
    expect(await page.getAttribute('html', 'lang')).to.equal('th')
  })
})

const focused = (page: Page) => page.evaluate('document.activeElement.textContent')
