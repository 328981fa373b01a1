import { expect } from 'chai'
import { until } from '../dev/stack/until.ts'
import type { Entities } from './entities.ts'
import { OK, onRequest, startUpstream } from './proxy/rehearsal.ts'
import { declared, rehearseWorkers, type WorkersRehearsal } from './rehearsal.ts'

describe('several workers', () => {
  let good: Awaited<ReturnType<typeof startUpstream>>
  let bad: Awaited<ReturnType<typeof startUpstream>>
  let workers: WorkersRehearsal

  beforeEach(async () => {
    good = await startUpstream((socket) => onRequest(socket, () => socket.write(OK)))
    bad = await startUpstream((socket) =>
      onRequest(socket, () => socket.write('HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n')),
    )
    workers = await rehearseWorkers(serving('first'))
  })

  afterEach(async () => {
    await workers.stop()
    await Promise.all([good.stop(), bad.stop()])
  })

  const serving = (path: string, more: object = {}) => {
    const routes = [{ name: path, paths: [`/${path}`] }]
    return { services: [{ name: 's', url: `http://127.0.0.1:${good.port}`, routes, ...more }] }
  }

  const statuses = async (path: string) => new Set(await workers.statuses(path))

  it('all go on as they were when a config cannot be put in force', async () => {
    const reason = await workers
      .apply(declared(serving('second', { plugins: [secretNowhere] })))
      .catch((error: Error) => error.message)
    expect(reason).to.include('NOWHERE')
    expect(await statuses('/first')).to.deep.equal(new Set(['200']))
    expect(await statuses('/second')).to.deep.equal(new Set(['404']))
    await workers.apply(declared(serving('third')))
    expect(await statuses('/third')).to.deep.equal(new Set(['200']))
  })

  it('serve each change by itself: of a plugin, a route, a service', async () => {
    const closed = { name: 'request-termination', config: { status_code: 410 } }
    let inForce = declared(serving('first', { plugins: [closed] }))
    async function change(more: (entities: Entities) => Partial<Entities>) {
      inForce = { ...inForce, ...more(inForce) }
      await workers.apply(inForce)
    }
    await change(() => ({}))
    expect(await statuses('/first')).to.deep.equal(new Set(['410']))
    await change(({ plugins }) => ({
      plugins: plugins.map((one) => ({ ...one, config: { ...one.config, status_code: 418 } })),
    }))
    expect(await statuses('/first')).to.deep.equal(new Set(['418']))
    await change(({ routes }) => ({ routes: routes.map((one) => ({ ...one, paths: ['/second'] })) }))
    expect(await statuses('/first')).to.deep.equal(new Set(['404']))
    expect(await statuses('/second')).to.deep.equal(new Set(['418']))
    await change(({ services }) => ({ services: services.map((one) => ({ ...one, enabled: false })) }))
    expect(await statuses('/second')).to.deep.equal(new Set(['404']))
    await change(({ services }) => ({ services: services.map((one) => ({ ...one, enabled: true })), plugins: [] }))
    expect(await statuses('/second')).to.deep.equal(new Set(['200']))
  }).timeout(10_000)

  it('learn of a failing target from each other', async () => {
    const targets = [{ target: `127.0.0.1:${good.port}` }, { target: `127.0.0.1:${bad.port}` }]
    const passive = { unhealthy: { http_failures: 2, http_statuses: [500] } }
    const upstreams = [{ name: 'u', targets, healthchecks: { passive } }]
    const services = [{ name: 's', url: 'http://u', routes: [{ name: 'r', paths: ['/up'] }] }]
    await workers.apply(declared({ upstreams, services }))
    expect(await statuses('/up')).to.include('500')
    await until(async () => (await workers.health.status())[0]?.targets[1]?.health === 'UNHEALTHY', {
      within: 5_000,
      what: 'the news',
    })
    expect(await statuses('/up')).to.deep.equal(new Set(['200']))
    await workers.apply(declared({ upstreams, services: [...services, { name: 'more', url: 'http://u' }] }))
    expect(await statuses('/up')).to.deep.equal(new Set(['200']))
  })
})

const secretNowhere = {
  name: 'trusted-identity',
  config: { gateway_token: '{vault://env/nowhere}' },
}
