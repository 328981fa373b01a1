import { expect } from 'chai'
import { type RedisServer, startRedis } from '../redis-server.ts'
import { entitiesOf, onService, type Rehearsal, rehearse } from '../rehearsal.ts'

const START = Date.UTC(2026, 0, 31, 23, 59, 10)
const consumer = (username: string, ...groups: string[]) => ({
  username,
  keyauth_credentials: [{ key: username }],
  acls: groups.map((group) => ({ group })),
})
const consumers = [
  consumer('bronze', 'partner-bronze'),
  consumer('other-bronze', 'partner-bronze', 'eu'),
  consumer('promoted', 'partner-bronze', 'partner-silver'),
  consumer('steady', 'burst', 'steady'),
  consumer('elsewhere', 'eu'),
]
const groups = {
  'partner-bronze': { minute: 2 },
  'partner-silver': { minute: 3 },
  burst: { minute: 3, day: 4 },
  steady: { hour: 100 },
}
const quota = (config: object = {}) => ({ name: 'group-quota', config: { groups, policy: 'local', ...config } })
const withQuota = (config: object = {}) => onService([{ name: 'key-auth' }, quota(config)], { consumers })
const by = (apikey: string, path = '/') => ({ headers: { apikey }, path })

async function statuses(rehearsal: Rehearsal, apikey: string, times: number): Promise<number[]> {
  const seen: number[] = []
  for (let at = 0; at < times; at++) seen.push((await rehearsal.send(by(apikey))).status)
  return seen
}

describe('group-quota', () => {
  let time = START
  const start = (document: object) => rehearse(document, { now: () => time })
  beforeEach(() => {
    time = START
  })

  it("lets each consumer use its group's quota, and starts anew in the next window", async () => {
    const rehearsal = start(withQuota())
    expect(await statuses(rehearsal, 'bronze', 3)).to.deep.equal([200, 200, 429])
    expect(await statuses(rehearsal, 'other-bronze', 3)).to.deep.equal([200, 200, 429])
    time += 50_000
    expect(await statuses(rehearsal, 'bronze', 3)).to.deep.equal([200, 200, 429])
  })

  it('gives who is in several groups the most generous quota', async () => {
    expect(await statuses(start(withQuota()), 'promoted', 4)).to.deep.equal([200, 200, 200, 429])
  })

  it('takes the quota for the most generous that allows the most in the long run', async () => {
    const { headers } = await start(withQuota()).send(by('steady'))
    expect(headers.get('x-ratelimit-limit-hour')).to.equal('100')
    expect(headers.has('x-ratelimit-limit-day')).to.equal(false)
  })

  it('counts a consumer once, over all routes and instances', async () => {
    const route = (name: string) => ({ name, paths: [`/${name}`], plugins: [quota()] })
    const service = { name: 's', url: 'http://127.0.0.1:9', plugins: [{ name: 'key-auth' }] }
    const rehearsal = start({ services: [{ ...service, routes: [route('a'), route('b')] }], consumers })
    expect((await rehearsal.send(by('bronze', '/a'))).status).to.equal(200)
    expect((await rehearsal.send(by('bronze', '/b'))).status).to.equal(200)
    expect((await rehearsal.send(by('bronze', '/a'))).status).to.equal(429)
  })

  it('announces the quota and refuses as rate-limiting does', async () => {
    const rehearsal = start(withQuota())
    const { headers } = await rehearsal.send(by('bronze'))
    expect(headers.get('x-ratelimit-limit-minute')).to.equal('2')
    expect(headers.get('x-ratelimit-remaining-minute')).to.equal('1')
    expect(headers.get('ratelimit-limit')).to.equal('2')
    expect(headers.get('ratelimit-remaining')).to.equal('1')
    expect(headers.get('ratelimit-reset')).to.equal('50')
    await rehearsal.send(by('bronze'))
    const refused = await rehearsal.send(by('bronze'))
    expect(refused.headers.get('retry-after')).to.equal('50')
    expect(refused.json).to.have.property('message', 'API rate limit exceeded')
  })

  it('speaks for the request where rate-limiting announces its own limits too', async () => {
    const limit = { name: 'rate-limiting', config: { minute: 500 } }
    const rehearsal = start(onService([{ name: 'key-auth' }, limit, quota()], { consumers }))
    expect((await rehearsal.send(by('bronze'))).headers.getAll('ratelimit-limit')).to.deep.equal(['2'])
  })

  it('keeps its headers to itself, or answers in its own words, when told to', async () => {
    const rehearsal = start(withQuota({ hide_client_headers: true, error_code: 403, error_message: 'Slowly' }))
    expect((await rehearsal.send(by('bronze'))).headers.keys).to.deep.equal([])
    await rehearsal.send(by('bronze'))
    const { status, json } = await rehearsal.send(by('bronze'))
    expect(status).to.equal(403)
    expect(json).to.have.property('message', 'Slowly')
  })

  it('lets pass who has no quota', async () => {
    expect(await statuses(start(withQuota()), 'elsewhere', 5)).to.deep.equal([200, 200, 200, 200, 200])
    expect((await start(onService([quota()])).send()).status).to.equal(200)
  })

  it('refuses who has no quota where a group is required', async () => {
    const { status, json } = await start(withQuota({ require_group: true })).send(by('elsewhere'))
    expect(status).to.equal(403)
    expect(json).to.have.property('message', 'You cannot consume this service')
    expect((await start(onService([quota({ require_group: true })])).send()).status).to.equal(401)
  })

  it('obeys at once when a reload moves a consumer to another group, and keeps its count', async () => {
    const rehearsal = start(withQuota())
    await statuses(rehearsal, 'bronze', 3)
    rehearsal.load(onService([{ name: 'key-auth' }, quota()], { consumers: [consumer('bronze', 'partner-silver')] }))
    expect(await statuses(rehearsal, 'bronze', 2)).to.deep.equal([200, 429])
  })

  it('is kept as it was declared: decK would report periods that are filled in', () => {
    const declared = entitiesOf(withQuota()).plugins.find(({ name }) => name === 'group-quota')
    expect(declared?.config.groups).to.deep.equal(groups)
  })

  const refusals: [mistake: string, config: object, error: string][] = [
    ['no group', { groups: {} }, 'length must be at least 1'],
    ['a group without a limit', { groups: { a: {} } }, 'length must be at least 1'],
    ['a limit of nothing', { groups: { a: { minute: 0 } } }, 'value must be greater than 0'],
    ['a limit that a shorter one exceeds', { groups: { a: { minute: 5, hour: 4 } } }, 'cannot be lower than'],
    ['an unknown period', { groups: { a: { fortnight: 5 } } }, 'expected one of: second, minute'],
    ['Redis without a host', { policy: 'redis' }, 'required field missing'],
  ]
  for (const [mistake, config, error] of refusals)
    it(`is not accepted with ${mistake}`, () => {
      expect(() => entitiesOf(withQuota(config))).to.throw(error)
    })
})

describe('group-quota in Redis', () => {
  let redis: RedisServer
  let nodes: Rehearsal[]
  let time: number
  const node = (config: object = {}) => {
    const address = { host: '127.0.0.1', port: redis.port, timeout: 500 }
    const rehearsal = rehearse(withQuota({ policy: 'redis', redis: address, ...config }), { now: () => time })
    nodes.push(rehearsal)
    return rehearsal
  }

  beforeEach(async () => {
    redis = await startRedis()
    time = Date.now()
    nodes = []
  })
  afterEach(async () => {
    for (const rehearsal of nodes) rehearsal.close()
    await redis.stop()
  })

  it('counts from the very first request, and leaves nothing behind that does not expire', async () => {
    expect(await statuses(node(), 'bronze', 3)).to.deep.equal([200, 200, 429])
    expect(await statuses(node(), 'bronze', 1)).to.deep.equal([429])
    const keys = await redis.client.keys('group-quota:*')
    expect(keys).to.have.length(1)
    expect(await redis.client.pttl(keys[0] as string)).to.be.within(1, 60_000)
  })

  it('counts in Redis still when it has forgotten the script', async () => {
    const rehearsal = node()
    await statuses(rehearsal, 'bronze', 1)
    await redis.client.script('FLUSH')
    expect(await statuses(rehearsal, 'bronze', 2)).to.deep.equal([200, 429])
  })

  it('lets requests pass while Redis is away, or answers 500: as fault_tolerant says', async () => {
    const [lenient, strict] = [node(), node({ fault_tolerant: false })]
    expect(await statuses(lenient, 'bronze', 1)).to.deep.equal([200])
    expect(await statuses(strict, 'bronze', 1)).to.deep.equal([200])
    await redis.stop()
    expect(await statuses(lenient, 'bronze', 3)).to.deep.equal([200, 200, 200])
    expect(await statuses(strict, 'bronze', 1)).to.deep.equal([500])
  })

  it('lets one request wait for a Redis that hangs, and no other, once it has failed', async () => {
    const rehearsal = node()
    expect(await statuses(rehearsal, 'bronze', 1)).to.deep.equal([200])
    await redis.client.call('CLIENT', 'PAUSE', '5000', 'ALL')
    expect(await statuses(rehearsal, 'bronze', 1)).to.deep.equal([200])
    time += 250
    const asking = statuses(rehearsal, 'bronze', 1).then(() => 'asking')
    await new Promise(setImmediate)
    expect(await Promise.race([asking, statuses(rehearsal, 'other-bronze', 5).then(() => 'others')])).to.equal('others')
    await asking
  })
})
