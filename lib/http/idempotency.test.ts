import Router from '@koa/router'
import { expect } from 'chai'
import type { Redis } from 'ioredis'
import { until } from '../../dev/stack/until.ts'
import { stack } from '../../test/support/stack.ts'
import { createRedis, redisReady } from '../cache.ts'
import { HttpError } from '../errors.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { type RunningService, serve } from '../service.ts'
import { idempotent } from './idempotency.ts'

const TOKEN = 'a-gateway-token-of-at-least-32-characters'

describe('Idempotency-Key', () => {
  let redis: Redis
  let service: RunningService
  let runs: number
  let failNext: boolean
  let release: (() => void) | undefined

  before(async function () {
    this.timeout(30_000)
    const server = (await stack('redis')).redis
    const log = createLog({ service: 'probe', level: 'error' })
    redis = createRedis({ url: server.createDatabase(), log })
    await until(() => redisReady(redis).then(() => true), { within: 10_000, what: 'Redis answers' })
    const routes = new Router()
    routes.post('/things', idempotent({ redis, service: 'probe', log }), async (ctx) => {
      runs += 1
      if (failNext) {
        failNext = false
        throw new HttpError(400, 'BAD', 'bad')
      }
      if (ctx.get('x-slow')) {
        await new Promise<void>((resolve) => {
          release = resolve
        })
      }
      ctx.status = 201
      ctx.set('Location', `/things/${runs}`)
      ctx.body = { run: runs }
    })
    const config = { HOST: '127.0.0.1', PORT: 0, GATEWAY_TOKEN: TOKEN }
    const parts = [{ name: 'redis', stop: async () => redis.disconnect() }]
    service = await serve({ config, log, metrics: createMetrics('probe'), routes, checks: {}, parts })
  })

  beforeEach(() => {
    runs = 0
    failNext = false
    release = undefined
  })

  after(() => service.stop())

  const post = async (key: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${service.port}/things`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'x-gateway-token': TOKEN, 'idempotency-key': key, ...headers },
    })
    const [replayed, location] = ['idempotent-replayed', 'location'].map((name) => answer.headers.get(name))
    return { status: answer.status, replayed, location, body: await answer.json() }
  }

  it('gives the first answer again without doing the work again', async () => {
    expect(await post('a', { x: 1 })).to.deep.include({ status: 201, replayed: null, body: { run: 1 } })
    expect(await post('a', { x: 1 })).to.deep.include({ status: 201, replayed: 'true', body: { run: 1 } })
  })

  it('says again where that is what the first made', async () => {
    const { location } = await post('f', { x: 1 })
    expect(location).to.equal('/things/1')
    expect((await post('f', { x: 1 })).location).to.equal(location)
  })

  it('answers 422 when the body differs', async () => {
    await post('b', { x: 1 })
    expect((await post('b', { x: 2 })).status).to.equal(422)
    expect(runs).to.equal(1)
  })

  it('answers 409 while the first is still running', async () => {
    const first = post('c', { x: 1 }, { 'x-slow': '1' })
    while (!release) await new Promise((resolve) => setImmediate(resolve))
    expect((await post('c', { x: 1 })).status).to.equal(409)
    release()
    expect((await first).status).to.equal(201)
  })

  it('lets a failed try be repeated', async () => {
    failNext = true
    expect((await post('d', { x: 1 })).status).to.equal(400)
    expect((await post('d', { x: 1 })).status).to.equal(201)
  })

  it('keeps the keys of different users apart', async () => {
    await post('e', { x: 1 }, { 'x-user-id': 'u1' })
    expect(await post('e', { x: 1 }, { 'x-user-id': 'u2' })).to.deep.include({ status: 201, replayed: null })
  })

  it('refuses a key that is too long or not visible ASCII', async () => {
    expect((await post('x'.repeat(256), {})).status).to.equal(400)
    expect((await post('a b', {})).status).to.equal(400)
  })
})
