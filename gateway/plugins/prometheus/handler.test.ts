import { expect } from 'chai'
import type { PluginEntity } from '../../entities.ts'
import type { Gateway } from '../../plugin.ts'
import { onService, rehearse } from '../rehearsal.ts'
import { handler } from './handler.ts'

const all = { status_code_metrics: true, latency_metrics: true, bandwidth_metrics: true, per_consumer: true }
const consumers = [{ username: 'acme', keyauth_credentials: [{ key: 'k' }] }]
const measured = (config: object = all) =>
  rehearse(onService([{ name: 'key-auth' }], { consumers, plugins: [{ name: 'prometheus', config }] }))
const good = { headers: { apikey: 'k' } }

describe('prometheus', () => {
  it("counts requests by Kong's labels", async () => {
    const rehearsal = measured()
    await rehearsal.send(good)
    await rehearsal.send(good)
    await rehearsal.send({ ...good, reply: { status: 503 } })
    await rehearsal.send()
    const text = await rehearsal.metrics.metrics()
    const common = 'service="s",route="r"'
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('kong_http_requests_total'))
        .sort(),
    ).to.deep.equal([
      `kong_http_requests_total{${common},workspace="default",code="200",source="service",consumer="acme"} 2`,
      `kong_http_requests_total{${common},workspace="default",code="401",source="kong",consumer=""} 1`,
      `kong_http_requests_total{${common},workspace="default",code="503",source="service",consumer="acme"} 1`,
    ])
  })

  it('measures latency in the buckets of the published dashboards', async () => {
    const rehearsal = measured()
    await rehearsal.send(good)
    const text = await rehearsal.metrics.metrics()
    for (const bucket of [1, 2, 5, 7, 10, 15, 20, 30, 50, 75, 100, 200, 500, 750, 1000, 3000, 6000])
      expect(text).to.match(new RegExp(`kong_kong_latency_ms_bucket\\{le="${bucket}",.*\\} \\d`))
    expect(text).to.match(/kong_request_latency_ms_count\{.*\} 1\n/)
  })

  it('adds up over reloads and reads', async () => {
    const rehearsal = measured()
    await rehearsal.send(good)
    await rehearsal.metrics.metrics()
    rehearsal.load(onService([{ name: 'key-auth' }], { consumers, plugins: [{ name: 'prometheus', config: all }] }))
    await rehearsal.send(good)
    expect(await rehearsal.metrics.metrics()).to.match(/kong_http_requests_total\{.*code="200".*\} 2\n/)
  })

  it('measures only what it is asked for', async () => {
    const rehearsal = measured({ status_code_metrics: true })
    await rehearsal.send(good)
    const text = await rehearsal.metrics.metrics()
    expect(text).to.match(/kong_http_requests_total\{.*consumer="".*\} 1\n/)
    expect(text).not.to.match(/latency_ms_count|kong_bandwidth_bytes\{/)
  })

  it('counts what it could not measure', async () => {
    const rehearsal = measured()
    const { exchange } = await rehearsal.send(good)
    expect(await rehearsal.metrics.metrics()).to.include('\nkong_nginx_metric_errors_total 0\n')
    const gateway = { metrics: rehearsal.metrics } as unknown as Gateway
    const prepared = handler.prepare?.(all, gateway, {} as PluginEntity) as Parameters<
      NonNullable<typeof handler.log>
    >[0]
    exchange.latency.total = Number.NaN
    expect(() => handler.log?.(prepared, exchange, gateway)).to.throw()
    expect(await rehearsal.metrics.metrics()).to.include('\nkong_nginx_metric_errors_total 1\n')
  })

  it('says nothing of requests without a route', async () => {
    const rehearsal = rehearse({ plugins: [{ name: 'prometheus', config: all }] })
    await rehearsal.send()
    expect(await rehearsal.metrics.metrics()).not.to.include('kong_http_requests_total{')
  })
})
