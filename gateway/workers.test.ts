import { expect } from 'chai'
import { until } from '../dev/stack/until.ts'
import { validate } from './declarative/validate.ts'
import type { Entities } from './entities.ts'
import { claimPort } from './free-port.ts'
import { createSharedCounters } from './plugins/counters.ts'
import { OK, onRequest, silent, startUpstream, talk } from './proxy/rehearsal.ts'
import { startWorkers, type Workers } from './workers.ts'

describe('several workers', () => {
  let good: Awaited<ReturnType<typeof startUpstream>>
  let bad: Awaited<ReturnType<typeof startUpstream>>
  let workers: Workers
  let port: number

  beforeEach(async () => {
    good = await startUpstream((socket) => onRequest(socket, () => socket.write(OK)))
    bad = await startUpstream((socket) =>
      onRequest(socket, () => socket.write('HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n')),
    )
    const host = '127.0.0.1'
    port = await claimPort({ host, port: 0 })
    const counters = createSharedCounters().buffer
    const start = {
      proxy: { host, port },
      proxyTls: undefined,
      entities: serving('first'),
      counters,
      env: {},
      logLevel: 'error',
      product: 'x/1',
      nodeId: 'n',
      accessLog: undefined,
    }
    workers = await startWorkers({ count: 2, log: silent, start })
  })

  afterEach(async () => {
    await workers.stop()
    await Promise.all([good.stop(), bad.stop()])
  })

  function declared(document: object): Entities {
    const { entities, errors } = validate({ _format_version: '3.0', ...document })
    if (!entities) throw new Error(JSON.stringify(errors))
    return entities
  }

  function serving(path: string, more: object = {}): Entities {
    const routes = [{ name: path, paths: [`/${path}`] }]
    return declared({ services: [{ name: 's', url: `http://127.0.0.1:${good.port}`, routes, ...more }] })
  }

  /** On connections of their own, which the kernel spreads over the workers. */
  async function statuses(path: string, times = 24): Promise<Set<string>> {
    const one = () => talk(port, `GET /${path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`)
    const answers = await Promise.all(Array.from({ length: times }, one))
    return new Set(answers.map((answer) => answer.slice(9, 12)))
  }

  it('all go on as they were when a config cannot be put in force', async () => {
    const reason = await workers
      .apply(serving('second', { plugins: [secretNowhere] }))
      .catch((error: Error) => error.message)
    expect(reason).to.include('NOWHERE')
    expect(await statuses('first')).to.deep.equal(new Set(['200']))
    expect(await statuses('second')).to.deep.equal(new Set(['404']))
    await workers.apply(serving('third'))
    expect(await statuses('third')).to.deep.equal(new Set(['200']))
  })

  it('learn of a failing target from each other', async () => {
    const targets = [{ target: `127.0.0.1:${good.port}` }, { target: `127.0.0.1:${bad.port}` }]
    const passive = { unhealthy: { http_failures: 2, http_statuses: [500] } }
    const upstreams = [{ name: 'u', targets, healthchecks: { passive } }]
    const services = [{ name: 's', url: 'http://u', routes: [{ name: 'r', paths: ['/up'] }] }]
    await workers.apply(declared({ upstreams, services }))
    expect(await statuses('up')).to.include('500')
    await until(async () => (await workers.targetHealth())[1]?.health === 'UNHEALTHY', {
      within: 5_000,
      what: 'the news',
    })
    expect(await statuses('up')).to.deep.equal(new Set(['200']))
    await workers.apply(declared({ upstreams, services: [...services, { name: 'more', url: 'http://u' }] }))
    expect(await statuses('up')).to.deep.equal(new Set(['200']))
  })
})

const secretNowhere = {
  name: 'trusted-identity',
  config: { gateway_token: '{vault://env/nowhere}' },
}
