import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import {
  registrationRejected,
  type UserUpdated,
  userConfirmed,
  userDeleted,
  userUpdated,
} from '../../services/users/events.ts'
import { type Auth, claimsOf, PASSWORD, runAuth } from '../../test/support/auth.ts'

describe('what auth makes of the events of users', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth()
  })
  after(() => auth.stop())

  async function pending() {
    const account = { userID: randomUUID(), email: `${randomUUID()}@example.com` }
    await auth.call('/internal/credentials', { method: 'PUT', body: { ...account, password: PASSWORD } })
    return account
  }

  const updated = (user: { userID: string; email: string } & Partial<UserUpdated>) =>
    userUpdated.of({ name: 'Malee', phoneNumber: '+66812345678', status: 'confirmed', version: 2, ...user })

  const rowOf = async (userID: string) =>
    (
      await auth.query<{ status: string; email: string; version: number }>(
        'select status, email, user_version as version from accounts where id = $1',
        [userID],
      )
    )[0]

  const confirmedAt = async (userID: string) =>
    (await auth.query<{ confirmed_at: Date | null }>('select confirmed_at from accounts where id = $1', [userID]))[0]
      ?.confirmed_at

  const becomes = (userID: string, wanted: object | undefined) =>
    until(async () => expect(await rowOf(userID)).to.deep.equal(wanted) && true, {
      within: 10_000,
      what: 'the account',
    })

  it('opens an account when its user has confirmed', async () => {
    const { userID, email } = await pending()
    await auth.bus.publish(userConfirmed.of({ userID, email }))
    await becomes(userID, { status: 'active', email, version: 0 })
    expect((await auth.logIn(email)).status).to.equal(200)
  })

  it('knows those who confirmed without a password, so that they can get one later', async () => {
    const [userID, email] = [randomUUID(), `${randomUUID()}@example.com`]
    await auth.bus.publish(userConfirmed.of({ userID, email }))
    await becomes(userID, { status: 'active', email, version: 0 })
    expect((await auth.logIn(email)).body.code).to.equal('INVALID_CREDENTIALS')
  })

  it('leaves an address to the account that has it, as staff do, when a member of that address confirms', async () => {
    const staff = await auth.member()
    const [member, other] = [{ userID: randomUUID(), email: staff.email }, await pending()]
    const handled = async () => (await auth.query<{ id: string }>('select id from inbox', [])).length
    const before = await handled()
    await auth.bus.publish(userConfirmed.of(member), userConfirmed.of(other))
    await auth.bus.caughtUp('auth', 'user.confirmed')
    await becomes(other.userID, { status: 'active', email: other.email, version: 0 })
    expect(await rowOf(member.userID)).to.equal(undefined)
    expect(await handled(), 'both are handled, none is parked').to.equal(before + 2)
    expect((await auth.logIn(staff.email)).status).to.equal(200)
  })

  it('closes the account of a disabled user, ends the sessions, and opens it again', async () => {
    const member = await auth.member()
    const { accessToken, refreshToken } = (await auth.logIn(member.email)).body.data
    await auth.bus.publish(updated({ ...member, status: 'disabled' }))
    await becomes(member.userID, { status: 'disabled', email: member.email, version: 2 })
    expect((await auth.logIn(member.email)).body.code).to.equal('ACCOUNT_DISABLED')
    expect((await auth.post('refresh', { refreshToken })).status).to.equal(401)
    const revoked = `revoked:${claimsOf(accessToken).sid}`
    await until(() => auth.redis.exists(revoked), { within: 2_000, what: 'Redis to know' })

    await auth.bus.publish(updated({ ...member, version: 3 }))
    await becomes(member.userID, { status: 'active', email: member.email, version: 3 })
    expect((await auth.logIn(member.email)).status).to.equal(200)
  })

  it('follows a changed e-mail address, and no older version after a newer', async () => {
    const { userID, email } = await auth.member()
    const changed = `new-${email}`
    await auth.bus.publish(updated({ userID, email: changed, version: 5 }))
    await becomes(userID, { status: 'active', email: changed, version: 5 })
    await auth.bus.publish(
      updated({ userID, email, version: 4, status: 'disabled' }),
      updated({ userID, email: changed, version: 6 }),
    )
    await becomes(userID, { status: 'active', email: changed, version: 6 })
    expect((await auth.logIn(changed)).status).to.equal(200)
    expect((await auth.logIn(email)).status).to.equal(401)
  })

  it('keeps a disabled account closed when its confirmation arrives late, and remembers it', async () => {
    const member = await pending()
    await auth.bus.publish(updated({ ...member, status: 'disabled' }))
    await becomes(member.userID, { status: 'disabled', email: member.email, version: 2 })
    await auth.bus.publish(userConfirmed.of(member))
    await until(async () => (await confirmedAt(member.userID)) !== null, { within: 10_000, what: 'the confirmation' })
    expect(await rowOf(member.userID)).to.include({ status: 'disabled' })
  })

  it('erases a deleted user, ends the sessions, and is not brought back by what arrives late', async () => {
    const { userID, email } = await auth.member()
    const { accessToken, refreshToken } = (await auth.logIn(email)).body.data
    await auth.withSecondFactor(userID)
    await auth.bus.publish(userDeleted.of({ userID }))
    await becomes(userID, { status: 'deleted', email: null, version: 0 })
    expect((await auth.logIn(email)).status).to.equal(401)
    expect((await auth.post('refresh', { refreshToken })).status).to.equal(401)
    for (const table of ['totp', 'backup_codes', 'sessions']) {
      expect(await auth.query(`select from ${table} where account_id = $1`, [userID]), table).to.deep.equal([])
    }

    const revoked = `revoked:${claimsOf(accessToken).sid}`
    await until(() => auth.redis.exists(revoked), { within: 2_000, what: 'Redis to know' })

    const witness = await pending()
    await auth.bus.publish(updated({ userID, email, version: 9 }), userConfirmed.of({ userID, email }))
    await auth.bus.publish(updated({ ...witness }), userConfirmed.of(witness))
    await becomes(witness.userID, { status: 'active', email: witness.email, version: 2 })
    expect(await rowOf(userID)).to.include({ status: 'deleted', email: null })
  })

  it('drops the account of a registration that users rejected, and its address is free again', async () => {
    const { userID, email } = await pending()
    await auth.bus.publish(registrationRejected.of({ userID, reason: 'phoneNumber is already registered' }))
    await becomes(userID, undefined)
    const body = { userID: randomUUID(), email, password: PASSWORD }
    expect((await auth.call('/internal/credentials', { method: 'PUT', body })).status).to.equal(200)
  })

  it('drops no account that is open', async () => {
    const { userID, email } = await auth.member()
    const witness = await pending()
    await auth.bus.publish(registrationRejected.of({ userID, reason: 'email is already registered' }))
    await auth.bus.publish(registrationRejected.of({ userID: witness.userID, reason: 'email is already registered' }))
    await becomes(witness.userID, undefined)
    expect((await auth.logIn(email)).status).to.equal(200)
  })

  it('parks what it cannot read and goes on', async () => {
    for (const { type } of [userConfirmed, userUpdated, userDeleted, registrationRejected]) {
      await auth.bus.sendRubbish(type, '{"userID":')
    }
    const account = await pending()
    await auth.bus.publish(userConfirmed.of(account))
    await becomes(account.userID, { status: 'active', email: account.email, version: 0 })
  })
})
