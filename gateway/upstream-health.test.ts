import { expect } from 'chai'
import { until } from '../dev/stack/until.ts'
import { onRequest, startUpstream } from './proxy/rehearsal.ts'
import { rehearseWorkers, type WorkersRehearsal } from './rehearsal.ts'

type Server = Awaited<ReturnType<typeof startUpstream>>

const interval = 0.05

describe('an upstream of real servers', () => {
  let servers: Server[]
  /** What each of them answers with. */
  let answers: number[]
  /** Those that say nothing. */
  let silent: Set<number>
  let workers: WorkersRehearsal

  beforeEach(async () => {
    answers = [200, 200, 200]
    silent = new Set()
    const serve = (at: number) =>
      startUpstream((socket) =>
        onRequest(socket, () => {
          const head = `HTTP/1.1 ${answers[at]} X\r\nServed-By: ${at}\r\nContent-Length: 0\r\n\r\n`
          if (!silent.has(at)) socket.write(head)
        }),
      )
    servers = await Promise.all([serve(0), serve(1), serve(2)])
  })

  afterEach(async () => {
    await workers.stop()
    await Promise.all(servers.map((server) => server.stop()))
  })

  async function begin(upstream: object, service: object = {}): Promise<void> {
    const targets = servers.map(({ port }) => ({ target: `127.0.0.1:${port}` }))
    workers = await rehearseWorkers({
      upstreams: [{ name: 'u', targets, ...upstream }],
      services: [{ name: 's', url: 'http://u', ...service, routes: [{ name: 'r', paths: ['/'] }] }],
    })
  }

  const servedBy = (answer: string) => /Served-By: (\d)/.exec(answer)?.[1]
  async function serving(headers = '', times = 12): Promise<Set<string | undefined>> {
    const found = new Set<string | undefined>()
    for (let at = 0; at < times; at++) found.add(servedBy(await workers.get('/', headers)))
    return found
  }
  const conditions = async () => (await workers.health.status())[0]?.targets.map(({ health }) => health).join(' ')
  /** The workers hear of it a moment later than the node knows it. */
  const servedOnlyBy = (...wanted: string[]) =>
    until(async () => [...(await serving())].sort().join() === wanted.join(), {
      within: 5_000,
      what: `${wanted} alone`,
    })
  const become = (wanted: string) => until(async () => (await conditions()) === wanted, { within: 5_000, what: wanted })

  it('is asked for as long as anybody is healthy; then the client is told that nobody is', async () => {
    await begin({ healthchecks: { passive: { unhealthy: { http_failures: 1, http_statuses: [500] } } } })
    answers[1] = 500
    await serving()
    await become('HEALTHY UNHEALTHY HEALTHY')
    await servedOnlyBy('0', '2')
    answers = [500, 500, 500]
    await serving()
    await become('UNHEALTHY UNHEALTHY UNHEALTHY')
    const answer = await workers.get('/')
    expect(answer)
      .to.match(/^HTTP\/1\.1 503 /)
      .and.include('failure to get a peer from the ring-balancer')
    answers = [200, 200, 200]
    const [target] = (await workers.health.status())[0]?.targets ?? []
    await workers.health.set({ upstream: 'u', target: target?.target.name ?? '' }, 'healthy')
    await servedOnlyBy('0')
  })

  it('loses a server that fails its checks, and has it back when it passes them, on every worker', async () => {
    const healthy = { interval, successes: 1 }
    await begin({
      healthchecks: { active: { healthy, unhealthy: { interval, http_failures: 2, http_statuses: [503] } } },
    })
    answers[0] = 503
    await become('UNHEALTHY HEALTHY HEALTHY')
    await servedOnlyBy('1', '2')
    answers[0] = 200
    await become('HEALTHY HEALTHY HEALTHY')
    await servedOnlyBy('0', '1', '2')
  })

  it('is checked once for the node, not once for every worker', async () => {
    silent.add(0)
    const checked = (name: string, port: number | undefined) => ({
      name,
      targets: [{ target: `127.0.0.1:${port}` }],
      healthchecks: { active: { timeout: 60, healthy: { interval } } },
    })
    workers = await rehearseWorkers({ upstreams: [checked('u', servers[0]?.port), checked('v', servers[1]?.port)] })
    await until(() => (servers[1]?.accepted() ?? 0) > 5, { within: 5_000, what: 'six rounds of checks' })
    expect(servers[0]?.accepted()).to.equal(1)
  })

  it('answers with another server where one refuses, whatever the method', async () => {
    await begin({})
    await servers[1]?.stop()
    for (const method of ['GET', 'POST', 'GET', 'POST', 'GET', 'POST'])
      expect(await workers.get('/', 'Content-Length: 0\r\n', method)).to.match(/^HTTP\/1\.1 200 /)
  })

  it('keeps a client with a cookie where it is, and moves it when its server is ill', async () => {
    const passive = { unhealthy: { http_failures: 1, http_statuses: [500] } }
    await begin({ algorithm: 'consistent-hashing', hash_on: 'cookie', hash_on_cookie: 'lb', healthchecks: { passive } })
    const first = await workers.get('/')
    const cookie = `Cookie: ${/Set-Cookie: (lb=[^;]+)/i.exec(first)?.[1]}\r\n`
    const home = servedBy(first)
    expect(await serving(cookie)).to.deep.equal(new Set([home]))
    expect(await workers.get('/', cookie)).not.to.match(/Set-Cookie/i)
    answers[Number(home)] = 500
    await workers.get('/', cookie)
    await until(async () => (await conditions())?.includes('UNHEALTHY') ?? false, { within: 5_000, what: 'the news' })
    const moved = async () => servedBy(await workers.get('/', cookie)) !== home
    await until(moved, { within: 5_000, what: 'another server' })
    expect((await serving(cookie)).size).to.equal(1)
  })
})
