import { expect } from 'chai'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { needsLuajit } from '../../../../test/support/needs-luajit.ts'
import { handler } from '../../../plugins/group-quota/handler.ts'
import { schema } from '../../../plugins/group-quota/schema.ts'
import { type RedisServer, startRedis } from '../../../plugins/redis-server.ts'
import { type BothForms, bothForms } from '../../spec/both-forms.ts'
import { printed } from '../../spec/schemas.ts'

const groups = {
  bronze: { minute: 2 },
  silver: { second: 2, minute: 4, month: 5 },
  burst: { minute: 3, day: 4 },
  steady: { hour: 100, year: 100 },
}
const partners = {
  bronze: ['bronze'],
  silver: ['silver'],
  both: ['eu', 'bronze', 'silver'],
  burst: ['burst'],
  steady: ['steady'],
  mixed: ['burst', 'steady'],
  elsewhere: ['eu'],
  alone: [],
}

const partner = fc.constantFrom(undefined, ...Object.keys(partners))
const pause = fc.constantFrom(0, 1, 999, 1000, 61_000, 86_400_000, 29 * 86_400_000, 366 * 86_400_000)
const traffic = fc.array(fc.tuple(partner, pause), { maxLength: 30 })
const anyConfig = fc.constantFrom(
  {},
  { require_group: true },
  { hide_client_headers: true, error_code: 503, error_message: 'Slowly' },
)
const anyStart = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2029, 0) })
const after = (partner: string, pauses: number[]): [string, number][] => pauses.map((pause) => [partner, pause])
const EXAMPLES: [config: object, start: number, ReturnType<typeof after>][] = [
  // A minute is used up and its last seconds are not: refused requests must not count in those.
  [{}, Date.UTC(2026, 0), after('silver', [0, 0, 1000, 0, 1000, 0, 0])],
  // The 366th day of a year that counts as 365.
  [{}, Date.UTC(2028, 11, 31, 23, 59), after('steady', [0])],
]

describe("group-quota, Kong's form", () => {
  before(needsLuajit)

  it('has the schema and the priority of the other form', async () => {
    const forms = await bothForms('group-quota', { own: { groups, policy: 'local' }, now: Date.now })
    expect(forms.lua.plugin.schema).to.deep.equal(printed(schema))
    expect(forms.lua.plugin.priority).to.equal(handler.priority)
    await forms.close()
  })

  it('announces, counts and refuses as the other form does, whoever comes and whenever', async () => {
    const alike = async (config: object, start: number, requests: [string | undefined, number][]) => {
      let time = start
      const own = { groups, policy: 'local', ...config }
      const forms = await bothForms('group-quota', { own, partners, now: () => time })
      try {
        for (const [partner, later] of requests) {
          time += later
          const sent = partner === undefined ? {} : { partner }
          expect(await forms.lua.send(sent)).to.deep.equal(await forms.typescript.send(sent))
        }
      } finally {
        await forms.close()
      }
    }
    await fc.assert(fc.asyncProperty(anyConfig, anyStart, traffic, alike), { numRuns: 60, examples: EXAMPLES })
  })
})

describe("group-quota, Kong's form, in Redis", () => {
  let redis: RedisServer
  let client: Redis
  let forms: BothForms

  const start = async (config: object = {}, now = Date.now) => {
    const address = { host: '127.0.0.1', port: redis.port }
    const own = { groups: { bronze: { day: 3, month: 90, year: 100 } }, policy: 'redis', redis: address, ...config }
    forms = await bothForms('group-quota', { own, partners, now, redis: () => client })
  }
  const status = async () => (await forms.lua.send({ partner: 'bronze' })).status

  before(needsLuajit)
  beforeEach(async () => {
    redis = await startRedis()
    client = new Redis({ port: redis.port, retryStrategy: () => null, maxRetriesPerRequest: 0 })
    client.on('error', () => undefined)
  })
  afterEach(async () => {
    client.disconnect()
    await forms.close()
    await redis.stop()
  })

  it('shares its counters with the other form: together they let no more than the limit through', async () => {
    await start({ fault_tolerant: false })
    for (const deadline = Date.now() + 5000; Date.now() < deadline; await new Promise(setImmediate))
      if ((await forms.typescript.send({ partner: 'both' })).status === 200) break
    const seen = []
    for (let at = 0; at < 3; at++)
      for (const form of [forms.lua, forms.typescript]) seen.push((await form.send({ partner: 'bronze' })).status)
    expect(seen).to.deep.equal([200, 200, 200, 429, 429, 429])
  })

  it('counts to the end of each window, and takes nothing from other windows when it refuses', async () => {
    await start()
    for (let at = 0; at < 5; at++) await status()
    const now = new Date()
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
    const ends = {
      day: Date.UTC(year, month, now.getUTCDate() + 1),
      month: Date.UTC(year, month + 1),
      year: Date.UTC(year + 1, 0),
    }
    for (const [period, end] of Object.entries(ends)) {
      const [key = ''] = await redis.client.keys(`*:${period}`)
      expect(await redis.client.get(key)).to.equal('3')
      expect(Date.now() + (await redis.client.pttl(key))).to.be.closeTo(end, 2000)
    }
  })

  it('goes on when Redis has lost the script', async () => {
    await start()
    expect(await status()).to.equal(200)
    await redis.client.script('FLUSH')
    expect(await status()).to.equal(200)
    expect(await status()).to.equal(200)
    expect(await status()).to.equal(429)
  })

  it('does not wait for Redis again right after it has failed', async () => {
    let time = Date.now()
    await start({ fault_tolerant: false }, () => time)
    const working = client
    client = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
    client.on('error', () => undefined)
    expect(await status()).to.equal(500)
    client = working
    time += 249
    expect(await status()).to.equal(500)
    time += 1
    expect(await status()).to.equal(200)
  })

  for (const [fault_tolerant, expected] of [
    [true, 200],
    [false, 500],
  ] as const)
    it(`answers ${expected} while Redis is away if fault_tolerant is ${fault_tolerant}`, async () => {
      await start({ fault_tolerant })
      await redis.stop()
      expect(await status()).to.equal(expected)
    })
})
