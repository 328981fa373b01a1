import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { until } from '../../dev/stack/until.ts'
import type { EventDraft } from '../../lib/bus/event.ts'
import { type Bus, connectBus } from '../../test/support/bus.ts'
import { runService, type ServiceUnderTest } from '../../test/support/run-service.ts'
import { type Stack, stack } from '../../test/support/stack.ts'
import { confirmationSent } from '../notifier/events.ts'
import { type UserStatus, userConfirmed, userCreated, userDeleted, userUpdated } from '../users/events.ts'
import { start } from './main.ts'

const KINDS = [userCreated, confirmationSent, userConfirmed, userUpdated, userDeleted]

describe('cache-updater', () => {
  let servers: Pick<Stack, 'redis' | 'kafka'>
  let service: ServiceUnderTest
  let bus: Bus
  let redis: Redis

  before(async function () {
    this.timeout(60_000)
    servers = await stack('redis', 'kafka')
    const REDIS_URL = servers.redis.createDatabase()
    service = await runService(start, { REDIS_URL, KAFKA_BROKERS: servers.kafka.url })
    await service.ready()
    bus = await connectBus(servers.kafka.url)
    redis = new Redis(REDIS_URL)
    redis.on('error', () => undefined) // a test takes Redis away
  })
  after(async () => {
    await service?.stop()
    await bus?.disconnect()
    redis?.disconnect()
  })

  const cached = (userID: string) => redis.hgetall(`user:${userID}`)

  async function handled(...drafts: EventDraft[]): Promise<void> {
    await bus.publish(...drafts)
    for (const topic of new Set(drafts.map(({ kind }) => kind.type))) await bus.caughtUp('cache-updater', topic)
  }

  /** The events of one new user. */
  function user() {
    const userID = randomUUID()
    const profile = { userID, name: 'สมหญิง 🐉', email: `${userID}@example.com`, phoneNumber: '+66812345678' }
    const updated = (changes: object, version: number, status: UserStatus = 'confirmed') =>
      userUpdated.of({ ...profile, ...changes, status, version })
    return {
      ...profile,
      profile,
      updated,
      created: userCreated.of(profile),
      sent: confirmationSent.of({ userID, email: profile.email }),
      confirmed: userConfirmed.of({ userID, email: profile.email }),
      deleted: userDeleted.of({ userID }),
    }
  }

  it('caches a created user whole', async () => {
    const { userID, profile, created } = user()
    const before = new Date().toISOString()
    await handled(created)
    const { updatedAt, ...rest } = await cached(userID)
    expect(rest).to.deep.equal({ ...profile, status: 'created', version: '1' })
    const times = [before, updatedAt, new Date().toISOString()]
    expect(times).to.deep.equal(times.toSorted())
  })

  it('follows the status to confirmed', async () => {
    const { userID, created, sent, confirmed } = user()
    await handled(created)
    await handled(sent)
    expect(await cached(userID)).to.include({ status: 'confirmation_sent' })
    await handled(confirmed)
    expect(await cached(userID)).to.include({ status: 'confirmed' })
  })

  it('follows the profile, and staff who disable and enable', async () => {
    const { userID, created, updated } = user()
    await handled(created)
    await handled(updated({ name: 'Ann' }, 2))
    expect(await cached(userID)).to.include({ name: 'Ann', status: 'confirmed', version: '2' })
    await handled(updated({}, 3, 'disabled'))
    expect(await cached(userID)).to.include({ status: 'disabled' })
    await handled(updated({}, 4, 'confirmed'))
    expect(await cached(userID)).to.include({ status: 'confirmed', version: '4' })
  })

  it('never lets an older event overwrite a newer one', async () => {
    const { userID, created, sent, confirmed, updated } = user()
    await handled(updated({ name: 'newest' }, 5, 'disabled'))
    const newest = await cached(userID)
    await handled(updated({ name: 'older' }, 4, 'confirmed'), created, sent, confirmed)
    const { updatedAt: _, ...rest } = newest
    expect(await cached(userID)).to.include(rest)
  })

  it('does not take a status back for a profile that was changed before the confirmation was known', async () => {
    const { userID, created, confirmed, updated } = user()
    await handled(created)
    await handled(confirmed)
    await handled(updated({ name: 'Ann' }, 2, 'created'))
    expect(await cached(userID)).to.include({ name: 'Ann', status: 'confirmed' })
  })

  it('fills in the profile when its event comes after the confirmation', async () => {
    const { userID, profile, created, sent } = user()
    await handled(sent)
    expect(await cached(userID)).to.have.all.keys('status', 'updatedAt')
    await handled(created)
    expect(await cached(userID)).to.include({ ...profile, status: 'confirmation_sent' })
  })

  it('leaves nothing of a deleted user, and no late event brings one back', async () => {
    const { userID, created, sent, confirmed, updated, deleted } = user()
    await handled(created)
    await handled(deleted)
    await handled(updated({}, 7), created, sent, confirmed)
    expect(await cached(userID)).to.deep.equal({ status: 'deleted' })
    expect(await redis.ttl(`user:${userID}`)).to.be.greaterThan(7 * 24 * 3600)
  })

  it('goes on after poison on every topic it reads', async () => {
    for (const { type } of KINDS) await bus.sendRubbish(type, '{"userID":')
    const { userID, created, sent, confirmed, updated, deleted } = user()
    const other = user()
    await handled(created, sent, confirmed, updated({}, 2), other.created, other.deleted)
    expect(await cached(userID)).to.include({ status: 'confirmed', version: '2' })
    expect(await cached(other.userID)).to.deep.equal({ status: 'deleted' })
    await handled(deleted)
  })

  describe('waits and loses nothing while Redis', () => {
    const away = {
      'is stopped': { begin: () => servers.redis.stop(), end: () => servers.redis.start() },
      'has no memory left': {
        begin: () => redis.config('SET', 'maxmemory', '1'),
        end: () => redis.config('SET', 'maxmemory', '0'),
      },
    }
    for (const [how, { begin, end }] of Object.entries(away)) {
      it(how, async function () {
        this.timeout(30_000)
        const users = Array.from({ length: 50 }, user)
        const parked = await bus.count('user.created.retry')
        const delivered = await bus.read('user.created')
        await begin()
        await bus.publish(...users.map(({ created }) => created), ...users.map(({ confirmed }) => confirmed))
        const all = await bus.count('user.created')
        await until(() => delivered.length === all, { within: 10_000, what: 'consumers have the events' })
        await end()
        for (const { userID, profile } of users) {
          const whole = async () => {
            const { status, name } = await cached(userID)
            return status === 'confirmed' && name === profile.name
          }
          await until(whole, { within: 15_000, what: 'every user is cached' })
        }
        expect(await bus.count('user.created.retry')).to.equal(parked)
      })
    }
  })
})
