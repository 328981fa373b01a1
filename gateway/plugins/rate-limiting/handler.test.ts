import { expect } from 'chai'
import { type RedisServer, startRedis } from '../redis-server.ts'
import { onService, type Rehearsal, rehearse, type Sent } from '../rehearsal.ts'

const START = Date.UTC(2026, 0, 31, 23, 59, 10)
const limited = (config: object, more: object = {}, plugins: object[] = []) =>
  onService([...plugins, { name: 'rate-limiting', config }], more)

async function statuses(rehearsal: Rehearsal, times: number, request: Sent = {}): Promise<number[]> {
  const seen: number[] = []
  for (let at = 0; at < times; at++) seen.push((await rehearsal.send(request)).status)
  return seen
}

const consumers = [
  { username: 'ann', keyauth_credentials: [{ key: 'a1' }, { key: 'a2' }] },
  { username: 'bob', keyauth_credentials: [{ key: 'b1' }] },
]
const by = (apikey: string) => ({ headers: { apikey } })

describe('rate-limiting', () => {
  let time = START
  const start = (document: object) => rehearse(document, { now: () => time })
  beforeEach(() => {
    time = START
  })

  it('lets exactly the limit through in a window, and starts anew in the next', async () => {
    const rehearsal = start(limited({ minute: 2 }))
    expect(await statuses(rehearsal, 4)).to.deep.equal([200, 200, 429, 429])
    time += 50_000
    expect(await statuses(rehearsal, 3)).to.deep.equal([200, 200, 429])
  })

  it('announces the limit, what is left, and when it ends', async () => {
    const rehearsal = start(limited({ minute: 1 }))
    const { headers } = await rehearsal.send()
    expect(headers.get('x-ratelimit-limit-minute')).to.equal('1')
    expect(headers.get('x-ratelimit-remaining-minute')).to.equal('0')
    expect(headers.get('ratelimit-limit')).to.equal('1')
    expect(headers.get('ratelimit-remaining')).to.equal('0')
    expect(headers.get('ratelimit-reset')).to.equal('50')
    expect(headers.has('retry-after')).to.equal(false)
    const refused = await rehearsal.send()
    expect(refused.headers.get('retry-after')).to.equal('50')
    expect(refused.json).to.have.property('message', 'API rate limit exceeded')
  })

  it('counts a refused request in none of its windows, and announces the tightest', async () => {
    const rehearsal = start(limited({ minute: 1, hour: 10, day: 100 }))
    await statuses(rehearsal, 3)
    const { status, headers } = await rehearsal.send()
    expect(status).to.equal(429)
    expect(headers.get('x-ratelimit-remaining-hour')).to.equal('9')
    expect(headers.get('x-ratelimit-remaining-day')).to.equal('99')
    expect(headers.get('ratelimit-limit')).to.equal('1')
  })

  it('knows where months and years end', async () => {
    const rehearsal = start(limited({ month: 1, year: 2 }))
    expect(await statuses(rehearsal, 2)).to.deep.equal([200, 429])
    time = Date.UTC(2026, 1, 1)
    expect(await statuses(rehearsal, 1)).to.deep.equal([200])
    time = Date.UTC(2026, 2, 1)
    expect(await statuses(rehearsal, 1)).to.deep.equal([429])
  })

  it('counts by consumer, over all their credentials', async () => {
    const rehearsal = start(limited({ minute: 2 }, { consumers }, [{ name: 'key-auth' }]))
    expect(await statuses(rehearsal, 1, by('a1'))).to.deep.equal([200])
    expect(await statuses(rehearsal, 2, by('a2'))).to.deep.equal([200, 429])
    expect(await statuses(rehearsal, 1, by('b1'))).to.deep.equal([200])
  })

  it('counts by credential', async () => {
    const rehearsal = start(limited({ minute: 1, limit_by: 'credential' }, { consumers }, [{ name: 'key-auth' }]))
    expect(await statuses(rehearsal, 2, by('a1'))).to.deep.equal([200, 429])
    expect(await statuses(rehearsal, 1, by('a2'))).to.deep.equal([200])
  })

  it('counts by a header, in any spelling, and by address where it is missing', async () => {
    const rehearsal = start(limited({ minute: 1, limit_by: 'header', header_name: 'X-Shop' }))
    expect(await statuses(rehearsal, 2, { headers: { 'x-shop': '1' } })).to.deep.equal([200, 429])
    expect(await statuses(rehearsal, 1, { headers: { X_Shop: '1' } })).to.deep.equal([429])
    expect(await statuses(rehearsal, 1, { headers: { 'X-SHOP': '2' } })).to.deep.equal([200])
    const underscored = start(limited({ minute: 1, limit_by: 'header', header_name: 'X_Shop' }))
    expect(await statuses(underscored, 2, { headers: { 'X-Shop': '1' } })).to.deep.equal([200, 429])
    expect(await statuses(underscored, 1, { headers: { 'X-Shop': '2' } })).to.deep.equal([200])
    const byHost = start(limited({ minute: 1, limit_by: 'header', header_name: 'Host' }))
    expect(await statuses(byHost, 2)).to.deep.equal([200, 429])
    // As in Kong, what an absolute target names is not what the Host field says.
    expect(await statuses(byHost, 1, { path: 'http://other.test/' })).to.deep.equal([429])
    expect(await statuses(rehearsal, 2)).to.deep.equal([200, 429])
  })

  it('counts one path apart from all others', async () => {
    const rehearsal = start(limited({ minute: 1, limit_by: 'path', path: '/login' }))
    expect(await statuses(rehearsal, 2, { path: '/login?a' })).to.deep.equal([200, 429])
    expect(await statuses(rehearsal, 1, { path: '/a' })).to.deep.equal([200])
    expect(await statuses(rehearsal, 1, { path: '/b' })).to.deep.equal([429])
  })

  it('counts on after a reload', async () => {
    const document = limited({ minute: 1, limit_by: 'service' })
    const rehearsal = start(document)
    expect(await statuses(rehearsal, 1)).to.deep.equal([200])
    rehearsal.load(document)
    expect(await statuses(rehearsal, 1)).to.deep.equal([429])
  })

  it('keeps its headers to itself, or answers in its own words, when told to', async () => {
    const rehearsal = start(limited({ minute: 1, hide_client_headers: true, error_code: 403, error_message: 'Slowly' }))
    expect((await rehearsal.send()).headers.keys).to.deep.equal([])
    const { status, headers, json } = await rehearsal.send()
    expect(status).to.equal(403)
    expect(json).to.have.property('message', 'Slowly')
    expect(headers.keys).to.deep.equal(['content-type'])
  })
})

describe('rate-limiting in Redis', () => {
  let redis: RedisServer
  let nodes: Rehearsal[]
  const config = (more: object = {}) => ({
    minute: 50,
    policy: 'redis',
    redis: { host: '127.0.0.1', port: redis.port, timeout: 500 },
    ...more,
  })
  const ready = async (rehearsal: Rehearsal) => {
    for (const deadline = Date.now() + 5000; Date.now() < deadline; await new Promise(setImmediate))
      if ((await rehearsal.send({ headers: { 'x-who': 'probe' } })).headers.has('ratelimit-limit')) return rehearsal
    throw new Error('Redis was never reached')
  }
  const node = (more: object = {}) => {
    const limits = { limit_by: 'header', header_name: 'x-who', ...more }
    const rehearsal = rehearse(limited(config(limits)))
    nodes.push(rehearsal)
    return rehearsal
  }

  beforeEach(async () => {
    redis = await startRedis()
    nodes = []
  })
  afterEach(async () => {
    for (const rehearsal of nodes) rehearsal.close()
    await redis.stop()
  })

  it('lets never more than the limit through, however many nodes are asked at once', async () => {
    const [one, two] = [await ready(node()), await ready(node())]
    const sent = Array.from({ length: 200 }, (_, at) => (at % 2 ? one : two).send({ headers: { 'x-who': 'ann' } }))
    const passed = (await Promise.all(sent)).filter(({ status }) => status === 200)
    expect(passed).to.have.length(50)
  })

  it('leaves nothing behind that does not expire', async () => {
    await (await ready(node())).send({ headers: { 'x-who': 'ann' } })
    const keys = await redis.client.keys('ratelimit:*:ann:*')
    expect(keys).to.have.length(1)
    expect(await redis.client.pttl(keys[0] as string)).to.be.within(1, 60_000)
  })

  it('lets requests pass while Redis is away, and counts again when it is back', async () => {
    const rehearsal = await ready(node())
    await redis.stop()
    const { status, headers } = await rehearsal.send({ headers: { 'x-who': 'ann' } })
    expect(status).to.equal(200)
    expect(headers.has('ratelimit-limit')).to.equal(false)
    await redis.start()
    await ready(rehearsal)
  })

  it('answers 500 while Redis is away when it may not be lenient', async () => {
    const rehearsal = await ready(node({ fault_tolerant: false }))
    await redis.stop()
    expect((await rehearsal.send()).status).to.equal(500)
  })
})
