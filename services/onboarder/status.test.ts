import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import type { EventDraft } from '../../lib/bus/event.ts'
import { newThaiID, type Onboarder, type RegisterBody, runOnboarder, somebody } from '../../test/support/onboarder.ts'
import { confirmationSent } from '../notifier/events.ts'
import {
  registrationRejected,
  type UserStatus,
  userConfirmed,
  userCreated,
  userDeleted,
  userUpdated,
} from '../users/events.ts'

type Person = ReturnType<typeof somebody>

describe('the status of a registration', () => {
  let onboarder: Onboarder

  before(async function () {
    this.timeout(60_000)
    onboarder = await runOnboarder()
  })
  after(() => onboarder?.stop())

  async function registered(person: object = somebody()): Promise<string> {
    const { status, body } = await onboarder.register(person)
    expect(status).to.equal(201)
    return body.data.userID
  }

  const becomes = (userID: string, status: string | undefined) =>
    until(async () => (await onboarder.statusOf(userID)) === status, { within: 5_000, what: `${status} is shown` })

  /** Resolves once the service has handled these: what is behind them on every partition of their topics. */
  async function handled(...drafts: EventDraft[]): Promise<void> {
    await onboarder.bus.publish(...drafts)
    for (const topic of new Set(drafts.map(({ kind }) => kind.type))) await onboarder.bus.caughtUp('onboarder', topic)
  }

  const free = async (person: object): Promise<boolean> => (await onboarder.register(person)).status === 201

  const event = (userID: string, person: Person) => ({
    created: userCreated.of({ userID, ...person }),
    sent: confirmationSent.of({ userID, email: person.email }),
    confirmed: userConfirmed.of({ userID, email: person.email }),
    rejected: registrationRejected.of({ userID, reason: 'email' }),
    deleted: userDeleted.of({ userID }),
    updated: (changes: Partial<Person>, version: number, status: UserStatus = 'confirmed') =>
      userUpdated.of({ userID, ...person, ...changes, status, version }),
  })

  it('is 404 for nobody, 400 for what is no id', async () => {
    const nobody = await onboarder.call<RegisterBody>(`/api/v1/register/${randomUUID()}`)
    expect([nobody.status, nobody.body.code]).to.deep.equal([404, 'NOT_FOUND'])
    const malformed = await onboarder.call<RegisterBody>('/api/v1/register/1%20or%201=1')
    expect([malformed.status, malformed.body.errors[0]?.field]).to.deep.equal([400, 'userID'])
  })

  it('goes from pending over created and confirmation_sent to confirmed', async () => {
    const person = somebody()
    const userID = await registered(person)
    const { created, sent, confirmed } = event(userID, person)
    expect(await onboarder.statusOf(userID)).to.equal('pending')
    await onboarder.bus.publish(created)
    await becomes(userID, 'created')
    await onboarder.bus.publish(sent)
    await becomes(userID, 'confirmation_sent')
    await onboarder.bus.publish(confirmed)
    await becomes(userID, 'confirmed')
  })

  it('never moves back when events come late or twice', async () => {
    const person = somebody()
    const userID = await registered(person)
    const { created, sent, confirmed, rejected, updated } = event(userID, person)
    await handled(confirmed)
    await handled(sent, created, updated({}, 2, 'created'), rejected, created)
    expect(await onboarder.statusOf(userID)).to.equal('confirmed')
  })

  it('is for a disabled member what it was before', async () => {
    for (const status of ['created', 'confirmed'] as const) {
      const person = somebody()
      const userID = await registered(person)
      const told = event(userID, person)
      await handled(told[status])
      await handled(told.updated({}, 3, 'disabled'))
      expect(await onboarder.statusOf(userID)).to.equal(status)
    }
  })

  it('rejected: shown, and everything it reserved is free again', async () => {
    const person = somebody({ thaiID: newThaiID() })
    const userID = await registered(person)
    await onboarder.bus.publish(event(userID, person).rejected)
    await becomes(userID, 'rejected')
    expect(await free(person)).to.equal(true)
  })

  it('rejected: leaves alone what another member has', async () => {
    const owner = somebody()
    await registered(owner)
    const loser = randomUUID() // registered while Redis was away
    await onboarder.bus.publish(event(loser, owner).rejected)
    await becomes(loser, 'rejected')
    expect(await free(owner)).to.equal(false)
  })

  it('created: what the member has is taken for good, also without a registration', async () => {
    const [registrant, person] = [somebody({ thaiID: newThaiID() }), somebody()]
    const [userID, staffMade] = [await registered(registrant), randomUUID()]
    await handled(event(userID, registrant).created, event(staffMade, person).created)
    await becomes(staffMade, 'created')
    expect(await free(somebody({ email: person.email }))).to.equal(false)
    expect(await free(somebody({ phoneNumber: person.phoneNumber }))).to.equal(false)
    const [record] = await onboarder.redis.keys(`*${userID}`)
    const { email, phoneNumber, thaiID } = await onboarder.redis.hgetall(String(record))
    for (const key of [record, email, phoneNumber, thaiID]) expect(await onboarder.redis.ttl(String(key))).to.equal(-1)
  })

  it('updated: a changed e-mail address is taken, the old one free, and older versions change nothing', async () => {
    const [person, { email }] = [somebody(), somebody()]
    const userID = await registered(person)
    const { created, updated } = event(userID, person)
    await handled(created)
    await handled(updated({ email }, 3))
    await handled(updated({}, 2), created)
    expect(await free(somebody({ email }))).to.equal(false)
    expect(await free(somebody({ email: person.email }))).to.equal(true)
    expect(await free(somebody({ phoneNumber: person.phoneNumber }))).to.equal(false)
  })

  it('deleted: nobody any more, everything free, and no late event brings it back', async () => {
    const person = somebody({ thaiID: newThaiID() })
    const userID = await registered(person)
    const { created, sent, confirmed, updated, deleted } = event(userID, person)
    await handled(created)
    await handled(deleted)
    await handled(confirmed, sent, updated({}, 9), created)
    expect(await onboarder.statusOf(userID)).to.equal(undefined)
    expect(await free(person)).to.equal(true)
  })

  it('goes on after poison on every topic it reads', async () => {
    const kinds = [userCreated, registrationRejected, confirmationSent, userConfirmed, userUpdated, userDeleted]
    const person = somebody()
    const userID = await registered(person)
    const { created, sent, confirmed, rejected, updated, deleted } = event(userID, person)
    for (const { type } of kinds) await onboarder.bus.sendRubbish(type, '{"userID": 7')
    await handled(created, sent, confirmed, rejected, updated({}, 2))
    expect(await onboarder.statusOf(userID)).to.equal('confirmed')
    await onboarder.bus.publish(deleted)
    await becomes(userID, undefined)
    for (const { type } of kinds) {
      const dead = await onboarder.bus.read(`${type}.dlq`)
      await until(() => dead.length > 0, { within: 5_000, what: `${type}.dlq has the poison` })
    }
  })
})
