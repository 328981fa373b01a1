import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { somebody } from '../../test/support/onboarder.ts'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'

describe('members whose account has a role', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  const change = (userID: string, body: object, { by = 'staff', method = 'PATCH' } = {}) =>
    users.call<Body>(`/api/v1/users/${userID}`, {
      method,
      body,
      headers: { 'x-user-id': randomUUID(), 'x-user-roles': by, 'x-request-id': 'request-7' },
    })

  async function confirmed(roles?: string[]) {
    const member = await users.member()
    await users.sql(`update users.users set status = 'confirmed', confirmed_at = now() where id = $1`, member.userID)
    if (roles) users.auth.roles.set(member.userID, roles)
    return member
  }
  const rowOf = async (userID: string) =>
    (await users.sql<object>('select name, email, status from users.users where id = $1', userID))[0]

  for (const role of ['staff', 'admin']) {
    it(`keep their address and their status where staff asks who are no admins, being ${role}`, async () => {
      const { userID, name, email } = await confirmed([role])
      for (const wish of [{ email: somebody().email }, { status: 'disabled' }, { name: 'Other', status: 'disabled' }]) {
        const { status, body } = await change(userID, wish)
        expect([status, body.code]).to.deep.equal([403, 'ADMINS_ONLY'])
        expect(body.message)
          .to.match(/role/)
          .and.match(/admins/)
      }
      expect((await change(userID, somebody(), { method: 'PUT' })).status).to.equal(403)
      expect(await rowOf(userID)).to.deep.equal({ name, email, status: 'confirmed' })
    })
  }

  it('are not shut out, nor let in again, by each other or by themselves', async () => {
    const { userID } = await confirmed(['staff'])
    expect((await change(userID, { status: 'disabled' }, { by: 'admin' })).status).to.equal(200)
    expect((await change(userID, { status: 'confirmed' })).status).to.equal(403)
  })

  it('are changed by staff in what leads to no account', async () => {
    const person = await confirmed(['admin'])
    const { name, phoneNumber } = somebody({ name: 'Kanya' })
    expect((await change(person.userID, { name, phoneNumber })).status).to.equal(200)
    const whole = { name: 'Kanya Suk', email: person.email, phoneNumber }
    expect((await change(person.userID, whole, { method: 'PUT' })).status).to.equal(200)
    expect(await rowOf(person.userID)).to.include({ name: 'Kanya Suk', email: person.email })
  })

  it('are changed by admins in all', async () => {
    const { userID } = await confirmed(['admin'])
    const { email } = somebody()
    expect((await change(userID, { email, status: 'disabled' }, { by: 'staff,admin' })).status).to.equal(200)
    expect(await rowOf(userID)).to.include({ email, status: 'disabled' })
  })

  it('are told from others by auth alone: while it is away nothing is risked, and what leads to no account goes on', async () => {
    const { userID } = await confirmed()
    const { email } = somebody()
    await users.auth.close()
    try {
      expect((await change(userID, { email })).status).to.equal(503)
      expect((await change(userID, { name: 'Kanya' })).status).to.equal(200)
      expect((await change(userID, { status: 'disabled' }, { by: 'admin' })).status).to.equal(200)
    } finally {
      await users.auth.listen()
    }
    expect((await change(userID, { email })).status).to.equal(200)
  })
})

describe('the former address of a member', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  const correct = (userID: string, email: string) =>
    users.call(`/api/v1/users/${userID}`, {
      method: 'PATCH',
      body: { email },
      headers: { 'x-user-id': randomUUID(), 'x-user-roles': 'staff', 'x-request-id': 'request-7' },
    })

  it('is told once the member had confirmed it, and not while it may be a slip of the pen', async () => {
    const [{ userID, email }, typo] = [await users.member(), somebody().email]
    expect((await correct(userID, typo)).status).to.equal(200)
    await users.sql(`update users.users set status = 'confirmed', confirmed_at = now() where id = $1`, userID)
    expect((await correct(userID, email)).status).to.equal(200)
    const told = await users.stated('user.email.changed', userID)
    expect(told).to.deep.equal([{ userID, formerEmail: typo }])
  })
})
