import Router from '@koa/router'
import { expect } from 'chai'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { type RunningService, serve } from '../service.ts'
import { sendVersioned } from './etag.ts'

const TOKEN = 'a-gateway-token-of-at-least-32-characters'

describe('Cache-Control', () => {
  let service: RunningService

  before(async () => {
    const routes = new Router()
      .get('/list', (ctx) => {
        ctx.body = { status: 'success', data: [] }
      })
      .get('/versioned', (ctx) => sendVersioned(ctx, 1, {}))
      .get('/keys', (ctx) => {
        ctx.set('Cache-Control', 'public, max-age=300')
        ctx.body = { keys: [] }
      })
    const config = { HOST: '127.0.0.1', PORT: 0, GATEWAY_TOKEN: TOKEN }
    const log = createLog({ service: 'probe', level: 'error' })
    service = await serve({ config, log, metrics: createMetrics('probe'), routes, checks: {}, parts: [] })
  })
  after(() => service?.stop())

  const get = async (path: string, headers = {}) => {
    const answer = await fetch(`http://127.0.0.1:${service.port}${path}`, {
      headers: { 'x-gateway-token': TOKEN, ...headers },
    })
    return [answer.status, answer.headers.get('cache-control')]
  }

  it('keeps answers out of every cache, refusals too', async () => {
    expect(await get('/list')).to.deep.equal([200, 'no-store'])
    expect(await get('/nowhere')).to.deep.equal([404, 'no-store'])
    expect(await get('/list', { 'x-gateway-token': '' })).to.deep.equal([401, 'no-store'])
  })

  it('lets the browser of whoever asked keep what has a version, to ask each time whether it holds', async () => {
    expect(await get('/versioned')).to.deep.equal([200, 'private, no-cache'])
    expect(await get('/versioned', { 'if-none-match': '"1"' })).to.deep.equal([304, 'private, no-cache'])
  })

  it('is what an endpoint says, where it says something', async () => {
    expect(await get('/keys')).to.deep.equal([200, 'public, max-age=300'])
  })
})
