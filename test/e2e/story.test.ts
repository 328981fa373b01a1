import { expect } from 'chai'
import { confirmationToken, mailTo } from '../../dev/demo/inbox.ts'
import { type Platform, platform } from '../support/platform.ts'
import { admin, bearer, member, newPerson, registered, statusBecomes } from './people.ts'

describe('from registration to membership, through the gateway', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
  })

  it('accepts a registration, stores it, mails a link and confirms by that link once', async () => {
    const person = await registered(jade)
    await statusBecomes(jade, person.userID, 'confirmation_sent')
    const mail = await mailTo(person.email, jade.inbox)
    expect(mail.html).to.include('สมชาย ใจดี')
    expect(mail.text).to.include('สมชาย ใจดี')
    const body = { token: confirmationToken(mail) }
    expect((await jade.send('POST', '/api/v1/register/confirm', { body })).status).to.equal(200)
    await statusBecomes(jade, person.userID, 'confirmed')
    expect((await jade.send('POST', '/api/v1/register/confirm', { body })).status).to.equal(409)
  })

  it('refuses the same e-mail or phone with the same answer, in any spelling', async () => {
    const person = await registered(jade)
    const twins = [
      { ...newPerson(), email: person.email.toUpperCase() },
      { ...newPerson(), phoneNumber: person.phoneNumber.replace('+66', '0') },
    ]
    for (const body of twins) {
      const answer = await jade.send('POST', '/api/v1/register', { body })
      expect([answer.status, answer.body?.message]).to.deep.equal([409, 'Already registered'])
    }
  })

  it('names every bad field at once', async () => {
    const body = { name: 'x', email: 'nobody', phoneNumber: '12', thaiID: '1234567890123', isAdmin: true }
    const answer = await jade.send('POST', '/api/v1/register', { body })
    expect([answer.status, answer.body?.message]).to.deep.equal([400, 'Invalid input data'])
    const fields = answer.body?.errors?.map(({ field }) => field)
    expect(fields).to.have.members(['name', 'email', 'phoneNumber', 'thaiID', 'isAdmin'])
  })

  it('gives the first answer again for the same Idempotency-Key and body, and 422 for another body', async () => {
    const person = newPerson()
    const headers = { 'idempotency-key': `key-${person.email}` }
    const first = await jade.send('POST', '/api/v1/register', { body: person, headers })
    const second = await jade.send('POST', '/api/v1/register', { body: person, headers })
    expect([first.status, second.status]).to.deep.equal([201, 201])
    expect(second.body?.data).to.deep.equal(first.body?.data)
    expect((await jade.send('POST', '/api/v1/register', { body: newPerson(), headers })).status).to.equal(422)
  })

  it('lets an admin enrol a second factor, then list, search, edit, disable and delete members', async () => {
    const { accessToken, enrolled, confirmed } = await admin(jade)
    expect(enrolled.body?.data?.['qr']).to.match(/^data:image\/png;base64,/)
    expect(confirmed.body?.data?.['backupCodes']).to.have.length(10)
    const headers = bearer(accessToken)
    const person = await registered(jade, newPerson('Searchable Person'))
    await statusBecomes(jade, person.userID, 'confirmation_sent')

    const list = await jade.send('GET', '/api/v1/users?limit=2', { headers })
    expect(list.body?.meta).to.include({ page: 1, limit: 2 })
    const search = await jade.send('GET', `/api/v1/users?search=${person.email}`, { headers })
    expect(search.body?.data).to.have.length(1)

    const path = `/api/v1/users/${person.userID}`
    const edit = await jade.send('PATCH', path, { headers, body: { name: 'Edited Person' } })
    expect([edit.status, edit.body?.data?.['name']]).to.deep.equal([200, 'Edited Person'])
    const stale = { ...headers, 'if-match': '"1"' }
    expect((await jade.send('PATCH', path, { headers: stale, body: { name: 'Too Late' } })).status).to.equal(412)
    const disable = await jade.send('PATCH', path, { headers, body: { status: 'disabled' } })
    expect(disable.body?.data?.['status']).to.equal('disabled')
    expect((await jade.send('DELETE', path, { headers })).status).to.equal(200)
    const gone = await jade.send('GET', path, { headers })
    expect([gone.status, gone.body?.message]).to.deep.equal([404, 'User not found'])
  })

  it('shows a member the own profile and no staff route', async () => {
    const { accessToken, userID, email } = await member(jade)
    const headers = bearer(accessToken)
    const me = await jade.send('GET', '/api/v1/users/me', { headers })
    expect(me.body?.data).to.include({ userID, email })
    const patched = await jade.send('PATCH', '/api/v1/users/me', { headers, body: { name: 'New Name' } })
    expect(patched.body?.data).to.include({ name: 'New Name' })
    for (const [method, path] of [
      ['GET', '/api/v1/users'],
      ['GET', `/api/v1/users/${userID}`],
      ['PATCH', `/api/v1/users/${userID}`],
      ['DELETE', `/api/v1/users/${userID}`],
    ] as const) {
      const body = method === 'PATCH' ? { name: 'Nobody' } : undefined
      expect((await jade.send(method, path, { headers, body })).status, `${method} ${path}`).to.equal(403)
    }
  })

  it('signs a session out everywhere within a second', async () => {
    const { accessToken } = await member(jade)
    const headers = bearer(accessToken)
    expect((await jade.send('POST', '/api/v1/auth/logout-all', { headers })).status).to.equal(200)
    await jade.eventually(async () => (await jade.send('GET', '/api/v1/users/me', { headers })).status === 401, 1_500)
  })

  it('lets a partner with a key read a membership and register a customer, and nobody without', async () => {
    const { userID } = await registered(jade)
    const headers = { apikey: jade.partnerKey }
    const read = () => jade.send('GET', `/partner/v1/members/${userID}`, { headers })
    await jade.eventually(async () => (await read()).body?.data?.['status'] === 'confirmation_sent', 15_000)
    const { status, body } = await read()
    expect([status, body?.data]).to.deep.equal([200, { userID, status: 'confirmation_sent' }])
    const customer = await jade.send('POST', '/partner/v1/members', { headers, body: newPerson() })
    expect(customer.status).to.equal(201)
    expect((await jade.send('GET', `/partner/v1/members/${userID}`)).status).to.equal(401)
    expect((await jade.send('POST', '/partner/v1/members', { body: newPerson() })).status).to.equal(401)
  })
})
