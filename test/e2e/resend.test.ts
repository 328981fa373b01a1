import { expect } from 'chai'
import { confirmationToken, type Mail } from '../../dev/demo/inbox.ts'
import { until } from '../../dev/stack/until.ts'
import { type Platform, platform } from '../support/platform.ts'
import { admin, bearer, newPerson, registered, statusBecomes, statusOf } from './people.ts'

describe('a confirmation mail that is sent again, through the gateway', function () {
  this.timeout(60_000)
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
  })

  const ask = (email: string) => jade.send('POST', '/api/v1/register/resend', { body: { email } })
  const confirm = (token: string) => jade.send('POST', '/api/v1/register/confirm', { body: { token } })

  /** The tokens mailed to an address, the first first, once there are so many. */
  async function tokens(email: string, count: number): Promise<string[]> {
    let mails: Mail[] = []
    const arrived = async () => {
      const inbox = (await (await fetch(`${jade.inbox}/email`)).json()) as Mail[]
      mails = inbox.filter(({ to }) => to[0]?.address === email)
      return mails.length >= count
    }
    await until(arrived, { within: 20_000, what: `${count} mails to ${email}` })
    return mails.map(confirmationToken)
  }

  it('brings a second link that confirms, after which neither confirms again', async () => {
    const { userID, email } = await registered(jade)
    await tokens(email, 1)
    expect((await ask(email)).status).to.equal(202)
    const [first = '', second = ''] = await tokens(email, 2)
    expect(second).not.to.equal(first)
    expect((await confirm(second)).status).to.equal(200)
    await statusBecomes(jade, userID, 'confirmed')
    expect([(await confirm(first)).status, (await confirm(second)).status]).to.deep.equal([409, 409])
  })

  it('leaves the first link good', async () => {
    const { email } = await registered(jade)
    await tokens(email, 1)
    await ask(email)
    const [first = ''] = await tokens(email, 2)
    expect((await confirm(first)).status).to.equal(200)
  })

  it('is answered alike for who waits, who is confirmed and who is unknown', async () => {
    const [waiting, done] = [await registered(jade), await registered(jade)]
    for (const token of await tokens(done.email, 1)) await confirm(token)
    const answers = [await ask(waiting.email), await ask(done.email), await ask(newPerson().email)]
    for (const { status, body } of answers) expect([status, body]).to.deep.equal([202, answers[0]?.body])
    await tokens(waiting.email, 2)
    expect(await tokens(done.email, 1)).to.have.length(1)
  })

  it('is not lost when users is killed right after the answer', async () => {
    const { email } = await registered(jade)
    await tokens(email, 1)
    expect((await ask(email)).status).to.equal(202)
    await jade.kill('users')
    await jade.start('users')
    expect(await tokens(email, 2)).to.have.length(2)
  })

  it('goes to the address that staff has corrected, and what went to the old one confirms nobody', async () => {
    const { userID, email } = await registered(jade)
    const [old = ''] = await tokens(email, 1)
    const corrected = newPerson().email
    const headers = bearer((await admin(jade)).accessToken)
    const edit = await jade.send('PATCH', `/api/v1/users/${userID}`, { headers, body: { email: corrected } })
    expect(edit.status).to.equal(200)
    const [token = ''] = await tokens(corrected, 1)
    const refused = await confirm(old)
    expect([refused.status, refused.body?.code]).to.deep.equal([400, 'INVALID_TOKEN'])
    expect(await statusOf(jade, userID)).to.equal('confirmation_sent')
    expect((await confirm(token)).status).to.equal(200)
    await statusBecomes(jade, userID, 'confirmed')
  })

  it('has a person who registered with a password sign in', async () => {
    const { phoneNumber, name, email } = newPerson()
    const password = 'a member needs words of their own'
    const body = { name, email, phoneNumber, password }
    expect((await jade.send('POST', '/api/v1/auth/register', { body })).status).to.equal(201)
    await tokens(email, 1)
    await ask(email)
    const [, second = ''] = await tokens(email, 2)
    expect((await confirm(second)).status).to.equal(200)
    const login = () => jade.send('POST', '/api/v1/auth/login', { body: { email, password } })
    await until(async () => (await login()).status === 200, { within: 10_000, what: 'the account opens' })
  })
})
