import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { stamp } from '../../lib/bus/event.ts'
import { expectAlike } from '../../test/support/alike.ts'
import { TRIES } from '../../test/support/timing.ts'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'
import { type ConfirmationRenewed, confirmationRequested } from './events.ts'

describe('another confirmation link', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  const ask = (email: string) => users.call<Body>('/api/v1/register/resend', { body: { email } })

  /** Resolves once all that was asked for until now has been dealt with. */
  async function handled(): Promise<void> {
    const relayed = async () => (await users.sql('select from users.outbox')).length === 0
    await until(relayed, { within: 15_000, what: 'the outbox is empty' })
    await users.bus.caughtUp('users', 'user.confirmation.requested')
  }

  const links = (userID: string, count?: number) =>
    users.stated<ConfirmationRenewed>('user.confirmation.renewed', userID, count)

  /** How many the limit counts. */
  async function counted(userID: string): Promise<number> {
    const [row] = await users.sql<{ count: number }>(
      'select cardinality(confirmations_renewed_at) as count from users.users where id = $1',
      userID,
    )
    return row?.count ?? 0
  }

  it('is mailed to who waits for confirmation, in whatever spelling they write their address', async () => {
    const { userID, name, email } = await users.member()
    const { status, body } = await ask(` ${email.toUpperCase()} `)
    expect([status, body.status]).to.deep.equal([202, 'success'])
    expect(await links(userID)).to.deep.equal([{ userID, name, email }])
    const [row] = await users.sql<object>('select version, status from users.users where id = $1', userID)
    expect(row).to.deep.equal({ version: 1, status: 'created' })
  })

  it('is mailed to nobody who does not wait for it', async () => {
    const members = await Promise.all(
      ['confirmed', 'disabled'].map(async (status) => ({ ...(await users.member()), status })),
    )
    for (const { userID, email, status } of members) {
      await users.sql(
        `update users.users set status = $2, confirmed_at = case when $2 = 'confirmed' then now() end where id = $1`,
        ...[userID, status],
      )
      await ask(email)
    }
    await handled()
    for (const { userID } of members) expect(await counted(userID)).to.equal(0)
  })

  it('is mailed three times in half an hour at most, however many ask at once', async () => {
    const { userID, email } = await users.member()
    await Promise.all(Array.from({ length: 8 }, () => ask(email)))
    await handled()
    expect([await counted(userID), (await links(userID, 3)).length]).to.deep.equal([3, 3])
    await users.sql(
      `update users.users set confirmations_renewed_at = array[now() - interval '31 minutes', now() - interval '31 minutes', now()] where id = $1`,
      userID,
    )
    for (let i = 0; i < 5; i++) await ask(email)
    await handled()
    expect([await counted(userID), (await links(userID, 5)).length]).to.deep.equal([3, 5])
  })

  it('is counted for the address: a corrected one starts anew with the link of its own', async () => {
    const { userID, email } = await users.member()
    for (let i = 0; i < 3; i++) await ask(email)
    await handled()
    const corrected = `${randomUUID()}@example.com`
    const headers = { 'x-user-id': randomUUID() }
    await users.call(`/api/v1/users/${userID}`, { method: 'PATCH', body: { email: corrected }, headers })
    expect(await counted(userID)).to.equal(1)
    for (const address of [email, corrected, corrected, corrected]) await ask(address)
    await handled()
    const mailed = (await links(userID, 6)).map((link) => link.email)
    expect(mailed).to.have.members([email, email, email, corrected, corrected, corrected])
  })

  it('is mailed once for a request that comes twice', async () => {
    const { userID, email } = await users.member()
    const event = stamp(confirmationRequested.of({ renewalID: randomUUID(), email }))
    await users.bus.deliver(event, event)
    await links(userID)
    await users.bus.deliver(event)
    await users.bus.caughtUp('users', 'user.confirmation.requested')
    expect(await counted(userID)).to.equal(1)
  })

  it('is refused with 400 for what is no address, and for fields it does not know', async () => {
    const body = { email: 'nobody', userID: randomUUID() }
    const answer = await users.call<Body>('/api/v1/register/resend', { body })
    expect(answer.status).to.equal(400)
    expect(answer.body.errors.map(({ field }) => field)).to.have.members(['email', 'userID'])
  })

  it('shows neither in the answer nor in its time whether somebody waits at the address', async function () {
    this.timeout(120_000)
    await users.sql(
      `insert into users.users (id, name, email, phone_number, status)
       select gen_random_uuid(), 'Somebody', 'known-' || n || '@example.com', '+' || n, 'created' from generate_series(1, $1::int) n`,
      2 * TRIES,
    )
    let asked = 0
    await expectAlike({
      one: () => ask(`known-${++asked}@example.com`),
      other: () => ask(`unknown-${randomUUID()}@example.com`),
    })
  })

  it('is accepted while Kafka is away, and mailed when it is back', async function () {
    this.timeout(90_000)
    const { userID, email } = await users.member()
    const { kafka } = users.servers
    await kafka.stop()
    try {
      expect((await ask(email)).status).to.equal(202)
    } finally {
      await kafka.start()
    }
    await until(async () => (await counted(userID)) === 1, { within: 60_000, what: 'the link is on its way' })
  })

  it('is not accepted while Postgres is away', async function () {
    this.timeout(60_000)
    const { postgres } = users.servers
    await postgres.stop()
    try {
      const { status, headers } = await ask('somebody@example.com')
      expect([status, headers.has('retry-after')]).to.deep.equal([503, true])
    } finally {
      await postgres.start()
    }
  })
})
