import { expect } from 'chai'
import { createSharedCache } from './plugins/shared-cache.ts'
import { onRequest, startUpstream } from './proxy/rehearsal.ts'
import { declared, rehearseWorkers, type WorkersRehearsal } from './rehearsal.ts'
import { createOccupancy } from './shared-memory.ts'

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok'
const REQUESTS = 24

describe('two workers of a node', () => {
  let upstreams: Awaited<ReturnType<typeof startUpstream>>[]
  let received: number[]
  let workers: WorkersRehearsal

  beforeEach(async () => {
    received = [0, 0]
    const counting = (at: number) =>
      startUpstream((socket) =>
        onRequest(socket, () => {
          received[at] = (received[at] ?? 0) + 1
          socket.write(ANSWER)
        }),
      )
    upstreams = await Promise.all([counting(0), counting(1)])
    workers = await rehearseWorkers({})
  })

  afterEach(async () => {
    await workers.stop()
    await Promise.all(upstreams.map((upstream) => upstream.stop()))
  })

  const serve = (...plugins: object[]) =>
    workers.apply(
      declared({
        upstreams: [{ name: 'u', targets: upstreams.map(({ port }) => ({ target: `127.0.0.1:${port}` })) }],
        services: [{ name: 's', url: 'http://u', plugins, routes: [{ name: 'r', paths: ['/'] }] }],
      }),
    )

  async function cacheStatuses(): Promise<unknown[]> {
    const found = []
    for (let at = 0; at < REQUESTS; at++) found.push(/x-cache-status: (\w+)/i.exec(await workers.get('/'))?.[1])
    return found
  }

  it('give what either of them has cached, until it is purged', async () => {
    await serve({ name: 'proxy-cache', config: { strategy: 'memory' } })
    const once = ['Miss', ...Array(REQUESTS - 1).fill('Hit')]
    expect(await cacheStatuses()).to.deep.equal(once)
    createSharedCache(workers.memory.cache).clear()
    expect(await cacheStatuses()).to.deep.equal(once)
  })

  it('let through together what a local limit allows', async () => {
    await serve({ name: 'rate-limiting', config: { year: 10, policy: 'local' } })
    const answered = await workers.statuses('/', REQUESTS)
    expect(answered).to.deep.equal([...Array(10).fill('200'), ...Array(REQUESTS - 10).fill('429')])
  })

  it('fill the memory that they share, and say how far', async () => {
    const occupancy = createOccupancy(workers.memory)
    const { kong_rate_limiting_counters: counters, kong_db_cache: cache } = occupancy()
    await serve(
      { name: 'rate-limiting', config: { year: 10, policy: 'local' } },
      { name: 'proxy-cache', config: { strategy: 'memory' } },
    )
    await workers.get('/')
    const { kong_rate_limiting_counters: counting, kong_db_cache: caching } = occupancy()
    expect(counting?.used).to.be.greaterThan(counters?.used as number)
    expect(caching?.used).to.be.greaterThan(cache?.used as number)
  })

  it('take turns as one', async () => {
    await serve()
    await workers.statuses('/', REQUESTS)
    expect(received).to.deep.equal([REQUESTS / 2, REQUESTS / 2])
  })

  it('both tell how they are', async () => {
    await serve()
    await workers.statuses('/', REQUESTS)
    const figures = await workers.figures()
    expect(figures).to.have.length(2)
    expect(figures.reduce((sum, { traffic }) => sum + traffic.requests, 0)).to.equal(REQUESTS)
  })
})
