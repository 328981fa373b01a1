import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { ageSignIn, member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { expectNoFaults, settled } from './axe.ts'
import { signInAsAdmin } from './people.ts'

type ColorScheme = 'light' | 'dark'
const SIZES = { desktop: { width: 1_280, height: 800 }, phone: { width: 320, height: 640 } }
const AREAS = [
  '/account',
  '/admin/members',
  '/admin/gateway',
  '/admin/system',
  '/admin/audit',
  '/admin/keys',
  '/admin/clients',
]

describe('the pages behind the sign-in', () => {
  let jade: Platform
  let page: Page
  let userID: string

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
    userID = (await member(jade)).userID
  })

  beforeEach(async () => {
    page = await visitor(jade, { bypassCSP: true })
  })

  const open = async (path: string) => {
    await page.goto(path)
    await settled(page)
  }

  for (const [size, viewport] of Object.entries(SIZES)) {
    it(`have no accessibility fault and never scroll sideways, in light and dark on a ${size}`, async () => {
      await signInAsAdmin(page, jade)
      await page.setViewportSize(viewport)
      for (const path of [...AREAS, `/admin/members/${userID}`]) {
        await open(path)
        for (const colorScheme of ['light', 'dark'] satisfies ColorScheme[]) {
          await page.emulateMedia({ colorScheme })
          await expectNoFaults(page, `${path}, ${colorScheme}`)
        }
      }
    })
  }

  it('ask for the second factor in a dialog that takes the focus, and gives it back', async () => {
    const { email } = await signInAsAdmin(page, jade)
    await ageSignIn(jade, email)
    await open('/account')
    const button = page.getByRole('button', { name: 'Make new backup codes' })
    await button.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Show your second factor again' })
    await dialog.waitFor()
    await expectNoFaults(page, 'the dialog')
    await dialog.locator('input:focus').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await page.locator(':focus').innerText()).to.equal('Make new backup codes')
  })
})
