import { randomInt, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { KafkaMessage } from 'kafkajs'
import { until } from '../../dev/stack/until.ts'
import { registrationRequested } from '../../services/onboarder/events.ts'
import { type Auth, type AuthBody, PASSWORD, runAuth, tally } from '../../test/support/auth.ts'

describe('register', () => {
  let auth: Auth
  let requests: KafkaMessage[]
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth()
    requests = await auth.bus.read(registrationRequested.type)
  })
  after(() => auth.stop())

  const somebody = () => ({
    email: `${randomUUID()}@example.com`,
    password: PASSWORD,
    name: 'สมหญิง ใจดี 🐉',
    phoneNumber: `08${randomInt(10_000_000, 99_999_999)}`,
  })

  async function idOf(email: string): Promise<string> {
    const [account] = await auth.query<{ id: string }>('select id from accounts where email = $1', [email])
    return account?.id ?? ''
  }

  it('makes an account that waits for its confirmation, and asks `users` for the member', async () => {
    const person = { ...somebody(), phoneNumber: '081 234 5678' }
    expect((await auth.post('register', person)).status).to.equal(201)
    const userID = await idOf(person.email)
    expect((await auth.logIn(person.email)).body.code).to.equal('INVALID_CREDENTIALS')
    const ours = () => requests.find(({ key }) => String(key) === userID)
    await until(ours, { within: 10_000, what: 'the event' })
    const { name, email } = person
    expect(JSON.parse(String(ours()?.value))).to.deep.equal({ userID, name, email, phoneNumber: '+66812345678' })
  })

  it('answers for an address that has an account as for any other, and tells its owner by mail alone', async () => {
    const person = somebody()
    const first = await auth.post('register', person)
    const again = await auth.post('register', { ...somebody(), email: person.email.toUpperCase() })
    expect([again.status, again.body]).to.deep.equal([201, first.body])
    const userID = await idOf(person.email)
    const [note] = await auth.bus.about(userID, 'account.security.noted')
    expect(JSON.parse(String(note?.value))).to.deep.equal({ userID, email: person.email, noted: 'registered_again' })
    expect(await auth.query('select from accounts where email = $1', [person.email])).to.have.lengthOf(1)
  })

  it('makes one account of twenty simultaneous registrations of an address', async () => {
    const { email } = somebody()
    const tries = Array.from({ length: 20 }, () => auth.post('register', { ...somebody(), email }))
    expect(tally(await Promise.all(tries))).to.deep.equal({ 201: 20 })
    expect(await auth.query('select from accounts where email = $1', [email])).to.have.lengthOf(1)
  })

  it('names every bad field at once, the password among them', async () => {
    const { status, body } = await auth.post('register', { email: 'x', password: 'short', name: 'x', admin: true })
    expect(status).to.equal(400)
    expect(body.message).to.equal('Invalid input data')
    const fields = body.errors.map(({ field }) => field)
    expect(fields).to.have.members(['email', 'password', 'name', 'phoneNumber', 'admin'])
  })

  it('gives the first answer again for the same Idempotency-Key', async () => {
    const person = somebody()
    const headers = { 'idempotency-key': randomUUID(), 'x-real-ip': '10.0.0.1' }
    const first = await auth.post('register', person, headers)
    const again = await auth.post('register', person, headers)
    expect(again.status).to.equal(201)
    expect(again.body).to.deep.equal(first.body)
    expect((await auth.post('register', somebody(), headers)).status).to.equal(422)
  })

  describe('PUT /internal/credentials', () => {
    const put = (body: object) => auth.call<AuthBody>('/internal/credentials', { method: 'PUT', body })

    it('may be repeated, and the last password counts, until the account is open', async () => {
      const account = { userID: randomUUID(), email: `${randomUUID()}@example.com`, password: PASSWORD }
      expect((await put(account)).status).to.equal(200)
      expect((await put(account)).status).to.equal(200)
      const password = 'another lazy pangolin'
      expect((await put({ ...account, password })).status).to.equal(200)
      await auth.query('update accounts set confirmed_at = now() where id = $1', [account.userID])
      expect((await put(account)).status).to.equal(409)
      expect((await auth.logIn(account.email, { password })).status).to.equal(200)
    })

    it('refuses an address of somebody else', async () => {
      const { email } = await auth.member()
      expect((await put({ userID: randomUUID(), email, password: PASSWORD })).status).to.equal(409)
    })

    it('judges the password', async () => {
      const account = { userID: randomUUID(), email: `${randomUUID()}@example.com`, password: 'qwertyuiop123' }
      const { status, body } = await put(account)
      expect(status).to.equal(400)
      expect(body.errors).to.deep.equal([{ field: 'password', message: 'is one of the most common passwords' }])
    })
  })
})
