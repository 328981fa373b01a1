import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { type AdminRehearsal, rehearseAdmin } from './rehearsal.ts'

const passive = { unhealthy: { tcp_failures: 1 } }
const targets = [{ target: '127.0.0.1:81' }, { target: '127.0.0.2:82', weight: 300 }, { target: 'no.invalid:83' }]

describe("targets' health in the Admin API", () => {
  let admin: AdminRehearsal
  let call: AdminRehearsal['call']

  beforeEach(async () => {
    admin = await rehearseAdmin({
      upstreams: [
        { name: 'checked', healthchecks: { passive, threshold: 50 }, targets },
        { name: 'unchecked', targets: targets.slice(0, 1) },
      ],
    })
    call = admin.call
  })
  afterEach(() => admin.close())

  interface Shown {
    target: string
    health: string
    data: { addresses: object[] }
  }

  const shown = async (upstream: string): Promise<Shown[]> =>
    (await call('GET', `/upstreams/${upstream}/health`)).body.data
  const conditions = async (upstream: string) =>
    Object.fromEntries((await shown(upstream)).map(({ target, health }) => [target, health]))

  it('is told with the addresses of each', async () => {
    expect(await conditions('checked')).to.deep.equal({
      '127.0.0.1:81': 'HEALTHY',
      '127.0.0.2:82': 'HEALTHY',
      'no.invalid:83': 'DNS_ERROR',
    })
    const first = (await shown('checked')).find(({ target }) => target === '127.0.0.1:81')
    expect(first?.data).to.deep.equal({
      host: '127.0.0.1',
      port: 81,
      dns: 'A',
      nodeWeight: 100,
      weight: { total: 100, unavailable: 0, available: 100 },
      addresses: [{ ip: '127.0.0.1', port: 81, weight: 100, health: 'HEALTHY' }],
    })
    const nowhere = (await shown('checked')).find(({ target }) => target === 'no.invalid:83')
    // As Kong 3.9.1 answers: Lua cannot tell an empty list from an empty object.
    expect(nowhere?.data.addresses).to.deep.equal({})
    expect(await conditions('unchecked')).to.deep.equal({ '127.0.0.1:81': 'HEALTHCHECKS_OFF' })
  })

  it('is set by hand: for a target by its name or id, or for one of its addresses', async () => {
    const put = async (path: string) => (await call('PUT', `/upstreams/checked/targets/${path}`)).status
    const condition = async () => (await conditions('checked'))['127.0.0.1:81']
    expect(await put('127.0.0.1:81/unhealthy')).to.equal(204)
    expect(await condition()).to.equal('UNHEALTHY')
    const { id } = (await call('GET', '/upstreams/checked/targets/127.0.0.1:81')).body
    expect(await put(`${id}/healthy`)).to.equal(204)
    expect(await condition()).to.equal('HEALTHY')
    expect(await put('127.0.0.1:81/127.0.0.1:81/unhealthy')).to.equal(204)
    expect(await condition()).to.equal('UNHEALTHY')
    expect(await put('127.0.0.1:81/127.0.0.9:81/healthy')).to.equal(204)
    expect(await condition()).to.equal('UNHEALTHY')
  })

  it('cannot be set where nobody looks after it, or of what is not there', async () => {
    expect(await call('PUT', '/upstreams/unchecked/targets/127.0.0.1:81/unhealthy')).to.deep.equal({
      status: 400,
      body: { message: 'no healthchecker found for unchecked' },
    })
    expect(await call('PUT', '/upstreams/none/targets/127.0.0.1:81/unhealthy')).to.include({ status: 404 })
    expect(await call('PUT', '/upstreams/checked/targets/127.0.0.7:81/healthy')).to.include({ status: 404 })
    expect(await call('POST', '/upstreams/checked/targets/127.0.0.1:81/healthy')).to.include({ status: 405 })
  })

  it('adds up to that of the upstream, which its threshold decides', async () => {
    const balancer = async (name: string) =>
      (await call('GET', `/upstreams/${name}/health?balancer_health=1`)).body.data
    expect(await balancer('unchecked')).to.include({ health: 'HEALTHCHECKS_OFF', balancer_health: 'HEALTHY' })
    const healthy = await balancer('checked')
    expect(healthy).to.include({ health: 'HEALTHY', balancer_health: 'HEALTHY' })
    expect(healthy.details.weight).to.deep.equal({ total: 400, unavailable: 0, available: 400 })
    await call('PUT', '/upstreams/checked/targets/127.0.0.2:82/unhealthy')
    const unhealthy = await balancer('checked')
    expect(unhealthy).to.include({ health: 'UNHEALTHY', balancer_health: 'UNHEALTHY' })
    expect(unhealthy.details.weight).to.deep.equal({ total: 400, unavailable: 300, available: 100 })
    const hosts: { host: string; addresses: object[] }[] = unhealthy.details.hosts
    expect(hosts.find(({ host }) => host === '127.0.0.2')?.addresses).to.deep.equal([
      { ip: '127.0.0.2', port: 82, weight: 300, healthy: false },
    ])
  })

  it('is not told of an upstream that has just come, and soon after is', async () => {
    await call('POST', '/upstreams', { name: 'late' })
    await call('POST', '/upstreams/late/targets', { target: '127.0.0.1:81' })
    expect((await shown('late'))[0]).not.to.have.any.keys('health', 'data')
    const told = async () => (await conditions('late'))['127.0.0.1:81'] === 'HEALTHCHECKS_OFF'
    await until(told, { within: 5_000, what: 'the health of the new upstream' })
  })

  it('stands beside all targets', async () => {
    const { body } = await call('GET', '/upstreams/checked/targets/all')
    expect(body.data).to.have.length(3)
    expect(body.next).to.equal(null)
  })
})
