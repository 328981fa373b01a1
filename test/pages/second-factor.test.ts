import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { member } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { enrol, enterPassword } from './people.ts'

describe('a second factor on the pages', () => {
  let jade: Platform
  let page: Page
  let person: Awaited<ReturnType<typeof member>>
  let code: () => Promise<string>

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  beforeEach(async () => {
    person = await member(jade)
    page = await visitor(jade, { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto('/account')
    await enterPassword(page, person)
    await page.getByRole('button', { name: 'Set up an authenticator' }).click()
    code = await enrol(page)
    await page.getByText('10 backup codes are left').waitFor()
  })

  const shownCodes = () => page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem').allInnerTexts()
  const signOut = () => page.getByRole('button', { name: 'Sign out', exact: true }).last().click()

  it('gives backup codes to be downloaded and copied', async () => {
    const codes = await shownCodes()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ])
    expect(download.suggestedFilename()).to.equal('jade-palace-backup-codes.txt')
    expect(await text(await download.createReadStream())).to.equal(`${codes.join('\n')}\n`)
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(`${codes.join('\n')}\n`)
  })

  it('lets in with a backup code, once', async () => {
    const [backupCode = ''] = await shownCodes()
    const enterBackupCode = async () => {
      await signOut()
      await enterPassword(page, person)
      await page.getByRole('button', { name: 'Use a backup code' }).click()
      await page.getByLabel('Backup code').fill(backupCode)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    await enterBackupCode()
    await page.getByText('9 backup codes are left').waitFor()
    await enterBackupCode()
    await page.getByText('That code is wrong').waitFor()
  })

  it('is not asked for again on a device that is to be remembered', async () => {
    await signOut()
    await enterPassword(page, person)
    await page.getByLabel('Do not ask again on this device').check()
    await page.getByLabel('Six digits').fill(await code())
    await page.getByRole('button', { name: 'Forget' }).or(page.getByText('this one')).first().waitFor()
    await signOut()
    await enterPassword(page, person)
    await page.getByText('10 backup codes are left').waitFor()
  })

  it('that was set up after the sign-in is asked for before backup codes are made anew', async () => {
    await page.getByRole('button', { name: 'Make new backup codes' }).click()
    const before = await shownCodes()
    await page
      .getByRole('dialog')
      .getByLabel('Six digits')
      .fill(await code())
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await jade.eventually(async () => !(await shownCodes()).includes(before[0] ?? ''), 5_000)
  })
})
