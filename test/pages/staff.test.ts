import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { member, newPerson, staffMember } from '../e2e/people.ts'
import { needsChromium, visitor } from '../support/browser.ts'
import { type Platform, platform } from '../support/platform.ts'
import { expectNoFaults, settled } from './axe.ts'
import { layDeadLetter } from './dead-letter.ts'
import { enrolAndSignIn } from './people.ts'

const TOPIC = 'pages.staff'
const FAILURES_THAT_LOCK = 5
/** What changes nothing: to sort a list and to turn its pages. */
const HARMLESS = /^(Name|E-mail|Status|Registered|Previous|Next|Show older ones)\b/

describe('staff who are no admins, in the console', function () {
  this.timeout(120_000)
  let jade: Platform
  let page: Page
  let takeLetterAway: () => Promise<void>

  before(async function () {
    needsChromium(this)
    jade = await platform()
    takeLetterAway = await layDeadLetter(jade, TOPIC, { value: '{}', headers: { 'x-error': 'Error: look here' } })
  })
  after(() => takeLetterAway?.())

  beforeEach(async () => {
    page = await visitor(jade, { bypassCSP: true })
    await enrolAndSignIn(page, await staffMember(jade))
  })

  const open = async (path: string) => {
    await page.goto(path)
    await settled(page)
  }
  const buttons = async () => {
    const names = await page.getByRole('main').getByRole('button').allInnerTexts()
    return names.filter((name) => !HARMLESS.test(name))
  }
  /** Whose sign-in is locked. */
  async function lockedMember() {
    const person = await member(jade, newPerson('Kanya'))
    const body = { email: person.email, password: 'not the right password' }
    for (let i = 1; i <= FAILURES_THAT_LOCK; i++) {
      await jade.send('POST', '/api/v1/auth/login', { body, from: `127.0.3.${i}` })
    }
    return person
  }

  it('look into all that they are shown the way to, and find nothing there that is for admins to do', async () => {
    await open('/admin')
    const areas = await page.getByRole('navigation').getByRole('link').allInnerTexts()
    expect(areas).to.include.members(['Members', 'Gateway', 'System', 'Security']).and.not.to.include('Apps')
    for (const area of areas) {
      await page.getByRole('navigation').getByRole('link', { name: area, exact: true }).click()
      await settled(page)
      expect(await page.getByRole('alert').filter({ hasText: /./ }).count(), area).to.equal(0)
      expect(await buttons(), area).to.deep.equal([])
    }
  })

  it('are told whom it is for where they have the address of what is for admins', async () => {
    await open('/admin/clients')
    await page.getByText('Only admins may do that.').waitFor()
    expect(await buttons()).to.deep.equal([])
  })

  it('edit and disable a member, whose roles and lock they see and cannot change', async () => {
    const { userID } = await lockedMember()
    await open(`/admin/members/${userID}`)
    await page.getByText('Roles: –').waitFor()
    await page.getByText('Locked until').waitFor()
    expect(await page.getByText('not locked').count()).to.equal(0)
    expect(await page.getByRole('checkbox').count()).to.equal(0)
    expect(await buttons()).to.deep.equal(['Save', 'Disable'])
    await page.getByLabel('Name').fill('Kanya Edited')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Kanya Edited' }).waitFor()
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('Status: Disabled').waitFor()
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByText('Status: Confirmed').waitFor()
    await page.getByText('changed name').waitFor()
  })

  it('see that what leads to the account of one who has a role is not theirs to change', async () => {
    const { userID } = await staffMember(jade)
    await open(`/admin/members/${userID}`)
    await page.getByText('only admins may change the e-mail and the status').waitFor()
    expect(await page.getByLabel('E-mail').isEditable()).to.equal(false)
    expect(await buttons()).to.deep.equal(['Save'])
    await page.getByLabel('Name').fill('Kanya Edited')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await expectNoFaults(page, 'a member who has a role')
  })

  it('see why an event was not handled, and neither its data nor a way to settle it', async () => {
    await open(`/admin/system?topic=${TOPIC}`)
    await page.getByRole('region', { name: 'Dead letters' }).getByText('Error: look here').waitFor()
    expect(await buttons()).to.deep.equal([])
  })

  it('are refused whatever is for admins, with a fresh second factor too', async () => {
    const [{ userID }, staff] = [await member(jade), await staffMember(jade)]
    const asking = page.waitForRequest(/\/api\/v1\/users\?/)
    await page.goto('/admin/members')
    const headers = { authorization: String((await asking).headers()['authorization']) }
    expect((await jade.send('GET', `/api/v1/users/${userID}`, { headers })).status).to.equal(200)
    const letter = `/api/v1/operations/dead-letters/${TOPIC}.dlq-0-0`
    for (const [method, path, body] of [
      ['DELETE', `/api/v1/users/${userID}`],
      ['PATCH', `/api/v1/users/${staff.userID}`, { status: 'disabled' }],
      ['PUT', `/api/v1/auth/accounts/${userID}/roles`, { roles: ['admin'] }],
      ['POST', `/api/v1/auth/accounts/${userID}/unlock`],
      ['GET', letter],
      ['POST', `${letter}/replay`],
      ['DELETE', letter],
      ['GET', '/api/v1/auth/clients'],
      ['POST', '/api/v1/auth/clients', {}],
    ] as const) {
      expect((await jade.send(method, path, { headers, body })).status, `${method} ${path}`).to.equal(403)
    }
  })
})
