import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { type Mail, mailTo } from '../../dev/demo/inbox.ts'
import { newPerson, registered } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { expectNoFaults, settled } from './axe.ts'

describe('another confirmation mail, on the pages', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    needsChromium(this)
    jade = await platform()
  })

  const confirms = async (page: Page) => {
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('heading', { name: 'Your membership is confirmed' }).waitFor()
  }

  /** The link in the newest of so many mails to an address. */
  async function link(email: string, count: number): Promise<string> {
    let mails: Mail[] = []
    await jade.eventually(async () => {
      const inbox = (await (await fetch(`${jade.inbox}/email`)).json()) as Mail[]
      mails = inbox.filter(({ to }) => to[0]?.address === email)
      return mails.length === count
    }, 20_000)
    return String(/https?:\S+\/register\/confirm\S+/.exec(mails.at(-1)?.text ?? '')?.[0])
  }

  it('is asked for after the registration, with the address already there, and its link confirms', async () => {
    const person = newPerson('Malee')
    const page = await visitor(jade, { bypassCSP: true })
    await page.goto('/register')
    await page.getByLabel('Name').fill(person.name)
    await page.getByLabel('E-mail').fill(person.email)
    await page.getByLabel('Phone number').fill(person.phoneNumber)
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('heading', { name: 'Thank you for registering' }).waitFor()
    await mailTo(person.email, jade.inbox)
    expect(await page.getByLabel('E-mail').inputValue()).to.equal(person.email)
    await page.getByRole('button', { name: 'Send another mail' }).click()
    await page.getByRole('status').getByText(`If ${person.email} is waiting`).waitFor()
    await expectNoFaults(page, 'after the registration')
    await page.goto(await link(person.email, 2))
    await confirms(page)
  })

  it('is asked for where the link does not work, by keyboard alone, and its link confirms', async () => {
    const { email } = await registered(jade)
    await link(email, 1)
    const page = await visitor(jade, { bypassCSP: true })
    await page.goto('/register/confirm?token=x')
    await settled(page)
    expect(await page.getByLabel('E-mail').count()).to.equal(0)
    await page.getByRole('button', { name: 'Confirm' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('This link does not work').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('nobody')
    await page.keyboard.press('Enter')
    await page.getByText('Enter an e-mail address such as').waitFor()
    expect(await page.getByLabel('E-mail').getAttribute('aria-invalid')).to.equal('true')
    await expectNoFaults(page, 'where the address is none')
    await page.getByLabel('E-mail').press('ControlOrMeta+A')
    await page.keyboard.type(email)
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText(`If ${email} is waiting`).waitFor()
    await expectNoFaults(page, 'where the link does not work')
    await page.goto(await link(email, 2))
    await confirms(page)
  })

  it('is promised to an unknown address in the same words, in Thai too', async () => {
    const { email } = newPerson()
    const page = await visitor(jade, { locale: 'th-TH', viewport: { width: 320, height: 640 }, bypassCSP: true })
    await page.goto('/register/confirm?token=x')
    await page.getByRole('button', { name: 'ยืนยัน' }).click()
    await page.getByRole('textbox', { name: 'อีเมล' }).fill(`${'x'.repeat(40)}${email}`)
    await page.getByRole('button', { name: 'ส่งอีเมลอีกฉบับ' }).click()
    await page.getByRole('status').getByText('กำลังรอการยืนยัน').waitFor()
    await expectNoFaults(page, 'in Thai')
  })
})
