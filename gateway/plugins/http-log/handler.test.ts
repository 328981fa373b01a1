import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { expect } from 'chai'
import { type Collector, type Received, startCollector } from '../collector.ts'
import { onService, type Rehearsal, rehearse } from '../rehearsal.ts'

describe('http-log', () => {
  let collector: Collector
  let rehearsal: Rehearsal

  beforeEach(async () => {
    collector = await startCollector()
  })
  afterEach(async () => {
    rehearsal.close()
    await collector.stop()
  })

  const logging = (config: object = {}, user = '') => {
    const http_endpoint = `${collector.url.replace('//', `//${user}`)}/log?a=1`
    rehearsal = rehearse(onService([{ name: 'http-log', config: { http_endpoint, ...config } }]))
    return rehearsal
  }

  it('sends each request by itself, with what the config asks for', async () => {
    await logging({ method: 'PUT', headers: { 'X-Shop': 'jade' } }, 'log%40er:se:cret@').send({ path: '/a?b=1&b=2&c' })
    await collector.arrived(1)
    const [{ method, url, headers, json: entry }] = collector.received as [Received]
    expect([method, url]).to.deep.equal(['PUT', '/log?a=1'])
    expect(headers).to.include({ 'x-shop': 'jade', 'content-type': 'application/json' })
    expect(headers.authorization).to.equal(`Basic ${Buffer.from('log@er:se:cret').toString('base64')}`)
    const { request } = entry as { request: object }
    expect(request).to.deep.include({ uri: '/a?b=1&b=2&c', querystring: { b: ['1', '2'], c: true } })
  })

  it('sends several as a list, in their order', async () => {
    logging({ queue: { max_batch_size: 3, max_coalescing_delay: 0.05 } })
    for (const path of ['/1', '/2', '/3', '/4']) await rehearsal.send({ path })
    await collector.arrived(2)
    const uris = collector.received.map(({ json }) =>
      (json as { request: { uri: string } }[]).map(({ request }) => request.uri),
    )
    expect(uris).to.deep.equal([['/1', '/2', '/3'], ['/4']])
  })

  it('goes by the earlier names of the queue’s settings, unless they hold what was the default then', async () => {
    logging({ queue: { max_batch_size: 2, max_coalescing_delay: 0.02 }, queue_size: 1, flush_timeout: 2 })
    for (const path of ['/1', '/2']) await rehearsal.send({ path })
    await collector.arrived(1)
    expect(collector.received[0]?.json).to.have.length(2)
    rehearsal.close()
    logging({ queue: { max_batch_size: 2 }, queue_size: 3, flush_timeout: 0.02 })
    for (const path of ['/1', '/2', '/3']) await rehearsal.send({ path })
    await collector.arrived(2)
    expect(collector.received[1]?.json).to.have.length(3)
  })

  it('sends again what was refused', async () => {
    collector.statuses.push(503, 301)
    await logging().send({ path: '/1' })
    await collector.arrived(3)
    const [first, ...others] = collector.received.map(({ json }) => json)
    for (const other of others) expect(other).to.deep.equal(first)
  })

  it('hangs up on a collector that never stops answering, and goes on with the next entry', async () => {
    const deliveries = new EventEmitter()
    const endless = createServer(async (request, response) => {
      deliveries.emit('delivery', (await json(request)) as object)
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      }
      response.writeHead(200).on('drain', pour)
      pour()
    }).listen(0, '127.0.0.1')
    await once(endless, 'listening')
    const { port } = endless.address() as AddressInfo
    const http_endpoint = `http://127.0.0.1:${port}/`
    rehearsal = rehearse(onService([{ name: 'http-log', config: { http_endpoint } }]))
    const signal = AbortSignal.timeout(5_000)
    for (const path of ['/1', '/2', '/3']) {
      const delivered = once(deliveries, 'delivery', { signal })
      await rehearsal.send({ path })
      expect((await delivered)[0]).to.have.nested.property('request.uri', path)
    }
    endless.closeAllConnections()
    endless.close()
  })

  it('leaves out of its entries what the config wants left out', async () => {
    await logging({ custom_fields_by_lua: { 'request.headers': 'return nil', edge: "return 'bkk'" } }).send()
    await collector.arrived(1)
    expect(collector.received[0]?.json).not.to.have.nested.property('request.headers')
    expect(collector.received[0]?.json).to.have.property('edge', 'bkk')
  })

  it("tells no one's secrets", async () => {
    await logging().send({ headers: { Authorization: 'Bearer s3cr3t', 'Proxy-Authorization': 'Basic s3cr3t' } })
    await collector.arrived(1)
    expect(JSON.stringify(collector.received)).not.to.include('s3cr3t')
  })

  it('is not accepted with two ways to authenticate, or with Lua that would have to be run', () => {
    logging()
    for (const config of [{ headers: { authorization: 'x' } }, { custom_fields_by_lua: { a: 'return os.time()' } }])
      expect(() =>
        rehearse(onService([{ name: 'http-log', config: { http_endpoint: 'http://a:b@c/', ...config } }])),
      ).to.throw()
  })
})
