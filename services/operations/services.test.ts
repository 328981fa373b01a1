import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { Gauge } from 'prom-client'
import { createLog } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics.ts'
import { type RunningService, serve } from '../../lib/service.ts'
import { type Operations, runOperations } from '../../test/support/operations.ts'
import { freePort } from '../../test/support/ports.ts'
import { GATEWAY_TOKEN } from '../../test/support/run-service.ts'
import type { ServiceStatus } from './service-status.ts'

const log = createLog({ service: 'test', level: 'error' })

describe('services as operations shows them', () => {
  const running: RunningService[] = []
  const servers: Server[] = []
  let operations: Operations
  let statuses: Map<string, ServiceStatus>

  before(async function () {
    this.timeout(60_000)
    const addresses = {
      fine: await service({ checks: {}, waiting: 3 }),
      torn: await service({
        checks: { postgres: () => Promise.reject(new Error('away')), redis: async () => 1 },
        waiting: Number.NaN,
      }),
      silent: await server(() => undefined),
      endless: await server((response) => {
        const more = () => response.write('x'.repeat(65_536)) && setImmediate(more)
        response.on('drain', more)
        more()
      }),
      gone: `http://127.0.0.1:${await freePort()}`,
    }
    const services = Object.entries(addresses).map((pair) => pair.join('='))
    operations = await runOperations({ services: services.join() })
    const { body } = await operations.ask<ServiceStatus[]>('services')
    statuses = new Map(body.data.map((status) => [status.name, status]))
  })
  after(async () => {
    await operations?.stop()
    await Promise.all(running.map((one) => one.stop()))
    for (const one of servers) one.close().closeAllConnections()
  })

  async function service({ checks, waiting }: { checks: Record<string, () => Promise<unknown>>; waiting: number }) {
    const metrics = createMetrics('test')
    new Gauge({ name: 'bus_outbox_waiting_events', help: 'as a service has it', registers: [metrics] }).set(waiting)
    const config = { HOST: '127.0.0.1', PORT: await freePort(), GATEWAY_TOKEN }
    const started = await serve({ config, log, metrics, checks, parts: [] })
    running.push(started)
    return `http://127.0.0.1:${started.port}`
  }

  async function server(answer: (response: import('node:http').ServerResponse) => unknown): Promise<string> {
    const one = createServer((_request, response) => void answer(response)).listen(0, '127.0.0.1')
    servers.push(one)
    await once(one, 'listening')
    return `http://127.0.0.1:${(one.address() as AddressInfo).port}`
  }

  it('are ready, with what waits in their outbox', () => {
    expect(statuses.get('fine')).to.deep.include({ state: 'ready', failing: [], outboxWaiting: 3 })
    expect(Date.parse(statuses.get('fine')?.startedAt ?? '')).to.be.greaterThan(0)
  })

  it('name what they wait for, and do not guess at an outbox that they cannot see', () => {
    expect(statuses.get('torn')).to.deep.include({ state: 'not_ready', failing: ['postgres'], outboxWaiting: null })
  })

  for (const [name, what] of Object.entries({
    silent: 'never answer',
    endless: 'never stop answering',
    gone: 'are not there',
  }))
    it(`that ${what} are away, and hold up no other`, () => {
      expect(statuses.get(name)).to.deep.equal({ name, state: 'away', failing: [], startedAt: null })
    })
})
