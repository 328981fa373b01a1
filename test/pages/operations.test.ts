import { expect } from 'chai'
import { Kafka, logLevel } from 'kafkajs'
import type { Page } from 'playwright-core'
import { ageSignIn } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { expectNoFaults, settled } from './axe.ts'
import { type SignedInAdmin, signInAsAdmin } from './people.ts'

const TOPIC = 'user.confirmation.sent'
/** So many consume it. */
const GROUPS = 3

describe('the gateway and the system in the console', function () {
  this.timeout(120_000)
  let jade: Platform

  before(async function () {
    needsChromium(this)
    jade = await platform()
  })

  const lying = async () => (await jade.deadLetters()).filter(({ topic }) => topic === TOPIC).length

  /** Sends what is no event: each group that consumes the topic has a dead letter of it. */
  async function poisoned(): Promise<void> {
    const before = await lying()
    const kafka = new Kafka({ brokers: [jade.stack.kafka.url], logLevel: logLevel.NOTHING })
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic: TOPIC, messages: [{ key: 'poison', value: '{"userID":' }] })
    await producer.disconnect()
    await jade.eventually(async () => (await lying()) >= before + GROUPS, 30_000)
  }

  const system = async (page: Page) => {
    await page.goto(`/admin/system?topic=${TOPIC}`)
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor()
    return page.getByRole('region', { name: 'Dead letters' }).getByRole('row')
  }

  it('shows routes with their plugins, and finds them as one types', async () => {
    const page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await page.goto('/admin/gateway')
    await page.getByRole('row', { name: 'login' }).waitFor()
    await page.getByText('correlation-id').waitFor()
    await page.getByLabel('Find a route').fill('/partner/v1')
    await page.getByText(/^2 of \d+ routes$/).waitFor()
    await page.getByRole('row', { name: 'partner-membership' }).getByText('allow partner-bronze').waitFor()
  })

  it('counts what a partner uses of its quota while one looks on', async () => {
    const page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await page.goto('/admin/gateway')
    const partner = page.getByRole('row', { name: 'test-partner' })
    await partner.getByText('partner-gold').waitFor()
    await jade.eventually(async () => {
      const path = '/partner/v1/members/00000000-0000-4000-8000-000000000000'
      await jade.send('GET', path, { headers: { apikey: jade.partnerKey } })
      const use = /^test-partner: (\d+) of/.exec((await partner.getByRole('meter').getAttribute('aria-label')) ?? '')
      return Number(use?.[1]) > 0
    }, 30_000)
  })

  it('shows that services are ready, and which is not', async () => {
    const page = await visitor(jade)
    await signInAsAdmin(page, jade)
    await system(page)
    const state = (name: string) =>
      page
        .getByRole('row', { name: new RegExp(`^${name} `) })
        .getByRole('cell')
        .first()
    for (const name of ['auth', 'users', 'web', 'operations']) await state(name).getByText('Ready').waitFor()
    await page
      .getByRole('region', { name: 'Consumers' })
      .getByRole('row', { name: /^users 1 / })
      .first()
      .waitFor()
    await jade.kill('cache-updater')
    await state('cache-updater').getByText('Does not answer').waitFor()
    await jade.start('cache-updater')
    await state('cache-updater').getByText('Ready').waitFor()
  })

  it('shows why an event was not handled, and its data after a fresh code; replays it and drops it', async () => {
    await poisoned()
    const page = await visitor(jade)
    const admin = await signInAsAdmin(page, jade)
    const rows = await system(page)
    const last = rows.last()
    await last.getByText('header ce_specversion is missing').waitFor()
    await staleNow(page, admin)

    await last.getByRole('button', { name: 'Show data' }).click()
    await page.getByLabel('Six digits').fill(await admin.code())
    await page.getByRole('dialog', { name: 'Data of the event' }).getByText('{"userID":').waitFor()
    await page.keyboard.press('Escape')

    const lies = async () => (await jade.deadLetters()) as { topic: string; time: string }[]
    const parked = new Set((await lies()).map(({ time }) => time))
    await last.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('Replayed.').waitFor()
    const fresh = async () => (await lies()).filter(({ topic, time }) => topic === TOPIC && !parked.has(time))
    await jade.eventually(async () => (await fresh()).length > 0, 30_000)

    const left = await lying()
    await rows.nth(1).getByRole('button', { name: 'Drop' }).click()
    const question = page.getByRole('dialog', { name: 'Drop this dead letter?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    expect(await lying(), 'still there after Cancel').to.equal(left)
    await rows.nth(1).getByRole('button', { name: 'Drop' }).click()
    await question.getByRole('button', { name: 'Drop' }).click()
    await page.getByText('Dropped.').waitFor()
    expect(await lying()).to.equal(left - 1)
    const record = page.getByRole('region', { name: 'Audit' }).getByRole('row').filter({ hasText: TOPIC })
    await record.first().getByText('Dropped').waitFor()
    const done = (await record.allInnerTexts()).map((text) => /Data shown|Replayed|Dropped/.exec(text)?.[0])
    expect(done).to.deep.equal(['Dropped', 'Replayed', 'Data shown'])
    await record
      .last()
      .getByRole('link', { name: /^[0-9a-f-]{36}$/ })
      .waitFor()
  })

  async function staleNow(page: Page, { email }: SignedInAdmin): Promise<void> {
    await ageSignIn(jade, email)
    await page.reload()
  }

  it('has no accessibility fault where dead letters lie, on a phone, nor in its dialogs', async () => {
    await poisoned()
    const page = await visitor(jade, { bypassCSP: true, viewport: { width: 320, height: 640 } })
    await signInAsAdmin(page, jade)
    const last = (await system(page)).last()
    for (const [button, dialog] of Object.entries({ Drop: 'Drop this', 'Show data': 'Data of' })) {
      await last.getByRole('button', { name: button }).click()
      await page.getByRole('dialog', { name: dialog }).waitFor()
      await expectNoFaults(page, dialog)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await settled(page)
    await expectNoFaults(page, 'the system')
  })
})
