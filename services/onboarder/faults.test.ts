import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { type Onboarder, type RegisterBody, runOnboarder, somebody } from '../../test/support/onboarder.ts'
import { registrationRejected, userCreated } from '../users/events.ts'

describe('the onboarder, when what it needs is away', () => {
  let onboarder: Onboarder

  before(async function () {
    this.timeout(60_000)
    onboarder = await runOnboarder()
  })
  afterEach(async function () {
    this.timeout(30_000)
    await onboarder.servers.kafka.start()
    await onboarder.servers.redis.start()
  })
  after(() => onboarder?.stop())

  const reserved = async (): Promise<number> => (await onboarder.redis.keys('*email*')).length

  it('registers without Redis, and learns from events afterwards', async function () {
    this.timeout(60_000)
    const { redis } = onboarder.servers
    const person = somebody()
    await redis.stop()
    const [first, second] = [await onboarder.register(person), await onboarder.register(person)]
    expect([first.status, second.status]).to.deep.equal([201, 201])
    const shown = await onboarder.call<RegisterBody>(`/api/v1/register/${first.body.data.userID}`)
    expect([shown.status, shown.headers.has('retry-after')]).to.deep.equal([503, true])
    await onboarder.bus.publish(
      userCreated.of({ userID: first.body.data.userID, ...person }),
      registrationRejected.of({ userID: second.body.data.userID, reason: 'email' }),
    )
    await redis.start()
    const shows = (answer: typeof first, status: string) =>
      until(async () => (await onboarder.statusOf(answer.body.data.userID)) === status, {
        within: 15_000,
        what: status,
      })
    await shows(first, 'created')
    await shows(second, 'rejected')
    expect((await onboarder.register(person)).status).to.equal(409)
  })

  it('answers 503 with Retry-After without Kafka, reserves nothing, and works again within 10 s of its return', async function () {
    this.timeout(60_000)
    const { kafka } = onboarder.servers
    const person = somebody()
    const before = await reserved()
    await kafka.stop()
    const { status, headers, body } = await onboarder.register(person)
    expect([status, body.code]).to.deep.equal([503, 'UNAVAILABLE'])
    expect(Number(headers.get('retry-after'))).to.be.greaterThan(0)
    expect(await reserved()).to.equal(before)
    await kafka.start()
    await until(async () => (await onboarder.register(person)).status === 201, { within: 10_000, what: 'works again' })
  })

  it('frees what it reserved for registrations that Kafka did not take any more', async function () {
    this.timeout(60_000)
    const before = await reserved()
    const people = Array.from({ length: 300 }, () => somebody())
    const answers = people.map((person) => onboarder.register(person))
    await onboarder.servers.kafka.kill()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    const count = (wanted: number) => statuses.filter((status) => status === wanted).length
    expect(count(503)).to.be.greaterThan(0)
    expect(count(201) + count(503)).to.equal(300)
    expect(await reserved()).to.equal(before + count(201))
  })
})
