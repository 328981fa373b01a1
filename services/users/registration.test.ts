import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { stamp } from '../../lib/bus/event.ts'
import { seal, unseal } from '../../lib/seal.ts'
import { newThaiID, somebody } from '../../test/support/onboarder.ts'
import { runUsers, type Users } from '../../test/support/users.ts'
import { confirmationSent } from '../notifier/events.ts'
import { registrationRequested } from '../onboarder/events.ts'
import type { RegistrationRejected, UserCreated } from './events.ts'

type Person = ReturnType<typeof somebody> & { thaiID?: string }

describe('registrations in users', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  const draft = ({ userID, thaiID, ...contact }: Person & { userID: string }) =>
    registrationRequested.of({
      userID,
      ...contact,
      ...(thaiID && { thaiID: seal(thaiID, users.thaiIDKey, userID) }),
    })

  const handled = () => users.bus.caughtUp('users', 'user.registration.request')

  /** States these registrations in one go and waits until all have been handled. */
  async function request(...people: Person[]): Promise<string[]> {
    const requests = people.map((person) => ({ userID: randomUUID(), ...person }))
    await users.bus.publish(...requests.map(draft))
    await handled()
    return requests.map(({ userID }) => userID)
  }

  const created = (userID: string) => users.stated<UserCreated>('user.created', userID)
  const rejected = (userID: string) => users.stated<RegistrationRejected>('user.registration.rejected', userID)

  async function kept(userIDs: string[]): Promise<string[]> {
    const rows = await users.sql<{ id: string }>('select id from users.users where id = any($1)', userIDs)
    return rows.map(({ id }) => id)
  }

  it('make members, and say so with what the catalogue names and no more', async () => {
    const person = somebody()
    const [userID = ''] = await request({ ...person, thaiID: newThaiID() })
    expect(await users.statusOf(userID)).to.equal('created')
    expect(await created(userID)).to.deep.equal([{ userID, ...person }])
  })

  const sharing = {
    email: ({ email }: Person) => somebody({ email }),
    phoneNumber: ({ phoneNumber }: Person) => somebody({ phoneNumber }),
    thaiID: ({ thaiID }: Person) => somebody({ thaiID }),
  }
  for (const [field, like] of Object.entries(sharing)) {
    it(`are rejected for the ${field} of a member, naming the field and never the value`, async () => {
      const owner = somebody({ thaiID: newThaiID() })
      await request(owner)
      const [userID = ''] = await request(like(owner))
      expect(await rejected(userID)).to.deep.equal([{ userID, reason: `${field} is already registered` }])
      expect(await users.statusOf(userID)).to.equal(undefined)
    })

    it(`make one member of many that come at once with the same ${field}, and reject the others`, async () => {
      const person = somebody({ thaiID: newThaiID() })
      const userIDs = await request(person, ...Array.from({ length: 20 }, () => like(person)))
      const winners = await kept(userIDs)
      expect(winners).to.have.length(1)
      await Promise.all(userIDs.filter((userID) => userID !== winners[0]).map(rejected))
    })
  }

  it('are no duplicates of themselves: neither the same event twice nor the same member stated twice', async () => {
    const request = { userID: randomUUID(), ...somebody({ thaiID: newThaiID() }) }
    const event = stamp(draft(request))
    const again = stamp(draft(request))
    await users.bus.deliver(event, event, again)
    await handled()
    await users.bus.deliver(event, stamp(draft(request)))
    await handled()
    const other = { userID: randomUUID(), ...somebody({ email: request.email }) }
    await users.bus.publish(draft(other))
    await rejected(other.userID) // whatever was stated before it is there by now
    expect(await created(request.userID)).to.have.length(1)
    expect(await users.stated('user.registration.rejected', request.userID, 0)).to.deep.equal([])
  })

  it('keep the Thai ID sealed, and its hash keyed', async () => {
    const thaiID = newThaiID()
    const [userID = ''] = await request(somebody({ thaiID }))
    const [row] = await users.sql<{ thai_id_sealed: string; thai_id_hash: string }>(
      'select thai_id_sealed, thai_id_hash from users.users where id = $1',
      userID,
    )
    expect(unseal(row?.thai_id_sealed ?? '', users.thaiIDKey, userID)).to.equal(thaiID)
    expect(row?.thai_id_hash).to.match(/^[\w-]{43}$/)
  })

  it('go on behind what is no event, and behind a Thai ID that was sealed for somebody else', async () => {
    const stolen = { userID: randomUUID(), ...somebody(), thaiID: seal(newThaiID(), users.thaiIDKey, randomUUID()) }
    await users.bus.sendRubbish('user.registration.request', '{"userID": 7')
    await users.bus.publish(registrationRequested.of(stolen))
    const ids = await request(somebody(), somebody(), somebody())
    expect(await kept(ids)).to.have.members(ids)
    expect(await users.statusOf(stolen.userID)).to.equal(undefined)
  })

  it('wait while Postgres is away, and none is lost', async () => {
    const people = Array.from({ length: 5 }, () => ({ userID: randomUUID(), ...somebody() }))
    await users.servers.postgres.stop()
    await users.bus.publish(...people.map(draft))
    await users.servers.postgres.start()
    const ids = people.map(({ userID }) => userID)
    await until(async () => (await kept(ids)).length === 5, { within: 15_000, what: 'all are members' })
    await Promise.all(ids.map(created))
  })

  describe('a confirmation mail that was sent', () => {
    async function sent(userID: string, email: string) {
      await users.bus.publish(confirmationSent.of({ userID, email }))
      await users.bus.caughtUp('users', 'user.confirmation.sent')
    }

    it('moves a new member on', async () => {
      const { userID, email } = await users.member()
      await sent(userID, email)
      expect(await users.statusOf(userID)).to.equal('confirmation_sent')
    })

    it('moves nobody back', async () => {
      const { userID, email } = await users.member()
      await users.sql(`update users.users set status = 'confirmed' where id = $1`, userID)
      await sent(userID, email)
      expect(await users.statusOf(userID)).to.equal('confirmed')
    })

    it('is passed over when it is rubbish', async () => {
      await users.bus.sendRubbish('user.confirmation.sent', '[]')
      const { userID, email } = await users.member()
      await sent(userID, email)
      expect(await users.statusOf(userID)).to.equal('confirmation_sent')
    })
  })
})
