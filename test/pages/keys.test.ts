import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { newSigningKey } from '../../auth/signing-keys/signing-key.ts'
import { admin, ageSignIn, bearer, staffMember } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { settled } from './axe.ts'
import { enrolAndSignIn, signInAsAdmin } from './people.ts'

const AN_HOUR = 3_600_000

describe('signing keys in the console', function () {
  this.timeout(120_000)
  let jade: Platform

  before(async function () {
    needsChromium(this)
    jade = await platform()
  })

  async function open(page: Page): Promise<void> {
    await page.goto('/admin/keys')
    await settled(page)
  }

  const row = (page: Page, name: string) => page.getByRole('row', { name })
  const kidThat = async (page: Page, state: string) => String(await row(page, state).getByRole('rowheader').innerText())
  const press = (page: Page, name: string) => page.getByRole('button', { name }).click()

  it('are rotated by an admin with a fresh code; the one before is not retired while its tokens count', async () => {
    const page = await visitor(jade)
    const { email, code } = await signInAsAdmin(page, jade)
    await ageSignIn(jade, email)
    await open(page)
    const [signing, next] = [await kidThat(page, 'Signs'), await kidThat(page, 'Waits')]
    await press(page, 'Rotate')
    await page.getByLabel('Six digits').fill(await code())
    await page.getByText('Another key signs from now on.').waitFor()
    expect(await kidThat(page, 'Signs')).to.equal(next)
    await row(page, signing).getByText('Still counts').waitFor()
    await press(page, 'Retire')
    await page.getByText('Tokens of the key before still count.').waitFor()
    expect(await row(page, signing).count()).to.equal(1)
  })

  it('are retired when they have expired', async () => {
    const ago = (hours: number) => new Date(Date.now() - hours * AN_HOUR)
    const expired = { ...(await newSigningKey(ago(2))), signingSince: ago(2) }
    await jade.keyFolder.save(expired)
    await jade.keyFolder.save({ ...jade.signingKey, signingSince: ago(1) })
    const page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await open(page)
    await row(page, expired.kid).getByText('Has expired').waitFor()
    await press(page, 'Retire')
    await page.getByText('No expired key is left.').waitFor()
    expect(await row(page, expired.kid).count()).to.equal(0)
    expect(await row(page, jade.signingKey.kid).count()).to.equal(1)
  })

  it('are not rotated again by who has not seen that another admin has', async () => {
    const page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await open(page)
    const next = await kidThat(page, 'Waits')
    const path = '/api/v1/auth/keys/rotate'
    const headers = bearer((await admin(jade)).accessToken)
    await page.route(`**${path}`, async (route) => {
      expect((await jade.send('POST', path, { headers })).status).to.equal(200)
      await route.continue()
    })
    await press(page, 'Rotate')
    await page.getByText('Somebody else has rotated the keys in the meantime.').waitFor()
    expect(await kidThat(page, 'Signs')).to.equal(next)
  })

  it('are shown to staff, who are offered no change', async () => {
    const page = await visitor(jade)
    await enrolAndSignIn(page, await staffMember(jade))
    await open(page)
    await row(page, 'Signs').waitFor()
    expect(await page.getByRole('button', { name: 'Rotate' }).count()).to.equal(0)
  })
})
