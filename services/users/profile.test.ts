import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { somebody } from '../../test/support/onboarder.ts'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'
import type { UserUpdated } from './events.ts'

describe('one’s own profile', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  const read = (userID: string, headers = {}) =>
    users.call<Body>('/api/v1/users/me', { headers: { 'x-user-id': userID, ...headers } })
  const change = (userID: string, body: unknown, headers = {}) =>
    users.call<Body>('/api/v1/users/me', { method: 'PATCH', body, headers: { 'x-user-id': userID, ...headers } })

  it('is read with its version as ETag', async () => {
    const member = await users.member()
    const { status, body, headers } = await read(member.userID)
    expect(status).to.equal(200)
    expect(body.data).to.include({ ...member, status: 'created' })
    expect(Object.keys(body.data)).to.have.members(
      'userID name email phoneNumber status confirmedAt createdAt updatedAt'.split(' '),
    )
    expect([headers.get('etag'), headers.get('cache-control')]).to.deep.equal(['"1"', 'private, no-cache'])
  })

  it('is changed in name and phone number, in their one form; the event says so', async () => {
    const member = await users.member()
    const { phoneNumber } = somebody()
    const answer = await change(member.userID, { name: '  New Name ', phoneNumber: phoneNumber.replace('+66', '0') })
    expect(answer.status).to.equal(200)
    expect(answer.body.data).to.include({ name: 'New Name', phoneNumber, email: member.email })
    expect(answer.headers.get('etag')).to.equal('"2"')
    const expected = { ...member, name: 'New Name', phoneNumber, status: 'created', version: 2 }
    expect(await users.stated<UserUpdated>('user.updated', member.userID)).to.deep.equal([expected])
  })

  it('keeps its e-mail address, status and every field that is not there to be changed', async () => {
    const { userID } = await users.member()
    const { status, body } = await change(userID, { email: 'new@example.com', status: 'confirmed', version: 7 })
    expect(status).to.equal(400)
    expect(body.errors.map(({ field }) => field)).to.have.members(['email', 'status', 'version'])
  })

  for (const [what, body] of Object.entries({
    nothing: {},
    'null for a name': { name: null },
    'a list': [],
    'a phone number that is none': { phoneNumber: '12' },
  })) {
    it(`refuses ${what}`, async () => {
      const { userID } = await users.member()
      expect((await change(userID, body)).status).to.equal(400)
    })
  }

  it('is refused the phone number that another member has', async () => {
    const [one, other] = [await users.member(), await users.member()]
    const { status, body } = await change(one.userID, { phoneNumber: other.phoneNumber })
    expect([status, body.code, body.message]).to.deep.equal([409, 'ALREADY_REGISTERED', 'Already registered'])
    expect(JSON.stringify(body)).not.to.include(other.phoneNumber)
  })

  for (const userID of [randomUUID(), 'service-account', "' or 1=1 --"]) {
    it(`is 404 for ${userID.includes('-4') ? 'a user who is no member' : userID}`, async () => {
      const answers = [await read(userID), await change(userID, { name: 'New Name' })]
      for (const { status, body } of answers) expect([status, body.message]).to.deep.equal([404, 'User not found'])
    })
  }

  it('is 401 for a request without a user', async () => {
    expect((await users.call<Body>('/api/v1/users/me')).status).to.equal(401)
  })
})
