import { randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { newThaiID, somebody } from '../../test/support/onboarder.ts'
import { stack } from '../../test/support/stack.ts'
import { createLedger, type Ledger } from './ledger.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe('the ledger of registrations', () => {
  let redis: Redis
  let ledger: Ledger

  before(async () => {
    const servers = await stack('redis')
    redis = new Redis(servers.redis.createDatabase())
    ledger = createLedger({ redis, hashKey: randomBytes(32) })
  })
  beforeEach(() => redis.flushdb())
  after(() => redis?.disconnect())

  const person = somebody({ thaiID: newThaiID() })
  const lives = async () => Promise.all((await redis.keys('*')).map((key) => redis.pttl(key)))

  it('frees a reservation by itself within 30 seconds when its process dies before Kafka has accepted', async () => {
    await ledger.reserve(randomUUID(), person)
    for (const life of await lives()) expect(life).to.be.within(1, 30_000)
  })

  it('keeps an accepted one as long as Kafka keeps the request', async () => {
    const userID = randomUUID()
    await ledger.reserve(userID, person)
    await ledger.keep(userID)
    expect(await lives()).to.have.lengthOf(4)
    for (const life of await lives()) expect(life).to.be.within(6 * DAY_MS, 7 * DAY_MS)
  })

  it('does not revive by a late keep what was rejected meanwhile, nor limit what was created', async () => {
    const [rejected, created] = [randomUUID(), randomUUID()]
    await ledger.reserve(rejected, person)
    await ledger.reject(rejected)
    await ledger.reserve(created, person)
    await ledger.settle(created, 'created', { ...person, version: 1 })
    await ledger.keep(rejected)
    await ledger.keep(created)
    expect(await ledger.statusOf(rejected)).to.equal('rejected')
    expect((await lives()).filter((life) => life === -1)).to.have.lengthOf(4)
  })

  it('forgets a registration without touching what was reserved by another after it expired', async () => {
    const [late, next] = [randomUUID(), randomUUID()]
    await ledger.reserve(late, person)
    const claims = (await redis.keys('*')).filter((key) => !key.includes(late))
    await redis.del(claims)
    await ledger.reserve(next, person)
    await ledger.forget(late)
    expect(await ledger.reserve(randomUUID(), person)).to.equal(false)
    expect(await ledger.statusOf(next)).to.equal('pending')
  })

  it('works on after Redis has lost its scripts', async () => {
    await ledger.reserve(randomUUID(), somebody())
    await redis.script('FLUSH')
    expect(await ledger.reserve(randomUUID(), person)).to.equal(true)
    expect(await ledger.reserve(randomUUID(), person)).to.equal(false)
  })
})
