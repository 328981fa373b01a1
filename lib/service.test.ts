import { once } from 'node:events'
import { connect } from 'node:net'
import Router from '@koa/router'
import { expect } from 'chai'
import { until } from '../dev/stack/until.ts'
import { HttpError, Unavailable } from './errors.ts'
import { caller } from './http/identity.ts'
import { createMetrics } from './metrics.ts'
import { type Part, type RunningService, serve } from './service.ts'
import { currentTrace } from './trace.ts'

const nothing = () => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }
const TOKEN = 'a-gateway-token-of-at-least-32-characters'

interface Answer {
  errors: unknown
  failing: string[]
}

describe('service kit over HTTP', () => {
  let service: RunningService
  let release: (() => void) | undefined

  async function start({ parts = [], checks = {} }: { parts?: Part[]; checks?: Record<string, () => Promise<void>> }) {
    const routes = new Router()
    routes.post('/echo', (ctx) => {
      ctx.body = ctx.request.body
    })
    routes.get('/whoami', (ctx) => {
      ctx.body = caller(ctx)
    })
    routes.get('/teapot', () => {
      throw new HttpError(418, 'TEAPOT', 'I am a teapot')
    })
    routes.get('/broken', () => {
      throw new Error('select secret from vault')
    })
    routes.get('/request-id', (ctx) => {
      ctx.body = currentTrace()?.requestId
    })
    routes.get('/slow', async (ctx) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      ctx.body = 'done'
    })
    const config = { HOST: '127.0.0.1', PORT: 0, GATEWAY_TOKEN: TOKEN }
    service = await serve({ config, log: silent, metrics: createMetrics('probe'), routes, checks, parts })
  }

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${service.port}${path}`, {
      ...init,
      headers: { 'x-gateway-token': TOKEN, ...(init.headers as Record<string, string>) },
    })
  const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
    call('/echo', { method: 'POST', body, headers: { 'content-type': type } })

  /** The beginning of a request whose body stays unfinished. */
  async function beginRequest() {
    const socket = connect(service.port, '127.0.0.1')
    socket.on('error', () => undefined) // a reset is one way to be told
    await once(socket, 'connect')
    const head = ['POST /echo HTTP/1.1', 'Host: x', `X-Gateway-Token: ${TOKEN}`, 'Content-Type: application/json']
    return { socket, send: (...headers: string[]) => socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n`) }
  }

  afterEach(() => service.stop())

  it('answers 401 to whatever does not come from the gateway', async () => {
    await start({})
    for (const token of ['', 'x', TOKEN.slice(1), `${TOKEN}x`]) {
      expect((await call('/teapot', { headers: { 'x-gateway-token': token } })).status).to.equal(401)
    }
  })

  it('renders errors in one form, with the request id, and keeps the inside of a 500 to itself', async () => {
    await start({})
    const teapot = await call('/teapot', { headers: { 'x-request-id': 'r-1' } })
    expect([teapot.status, await teapot.json()]).to.deep.equal([
      418,
      { status: 'error', message: 'I am a teapot', code: 'TEAPOT', requestId: 'r-1' },
    ])
    const broken = await call('/broken')
    expect(broken.status).to.equal(500)
    expect(await broken.text()).not.to.include('secret')
    expect((await call('/nowhere')).status).to.equal(404)
    expect((await call('/teapot', { method: 'DELETE' })).status).to.equal(405)
  })

  it('reads the caller from the trusted headers and refuses to guess one', async () => {
    await start({})
    const headers = { 'x-user-id': 'u1', 'x-user-roles': 'staff,admin', 'x-user-amr': 'pwd,otp', 'x-session-id': 's1' }
    expect(await (await call('/whoami', { headers })).json()).to.deep.equal({
      userID: 'u1',
      email: '',
      roles: ['staff', 'admin'],
      amr: ['pwd', 'otp'],
      sessionID: 's1',
    })
    expect((await call('/whoami')).status).to.equal(401)
  })

  it('refuses bodies that are not JSON, not UTF-8, too large, or hold NUL', async () => {
    await start({})
    expect((await post('{"a":')).status).to.equal(400)
    expect((await post('a=1', 'application/x-www-form-urlencoded')).status).to.equal(415)
    expect((await post(new Uint8Array([0x22, 0xff, 0x22]))).status).to.equal(400)
    expect((await post(JSON.stringify('x'.repeat(64 * 1024)))).status).to.equal(413)
    const nul = await post(JSON.stringify({ name: 'a\0b' }))
    expect(nul.status).to.equal(400)
    expect(((await nul.json()) as Answer).errors).to.deep.equal([
      { field: 'name', message: 'must not contain a NUL character' },
    ])
  })

  it('stops reading a chunked body at the limit', async () => {
    await start({})
    const { socket, send } = await beginRequest()
    send('Transfer-Encoding: chunked')
    const piece = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    for (let i = 0; i < 6; i++) socket.write(piece)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).to.match(/^HTTP\/1\.1 413 /)
    socket.destroy()
  })

  it('goes on under the request id of the caller, unless that is longer than an event may carry or not visible ASCII', async () => {
    await start({})
    const idOf = async (given: string) => (await call('/request-id', { headers: { 'x-request-id': given } })).text()
    const [short, long] = ['r'.repeat(128), 'r'.repeat(129)]
    expect(await idOf(short)).to.equal(short)
    for (const given of [long, 'a b', 'r-\u00e9']) expect(await idOf(given)).to.match(/^[0-9a-f-]{36}$/)
  })

  it('takes a client that leaves in the middle of its body for that, not for a dependency that is away', async () => {
    await start({})
    const { socket, send } = await beginRequest()
    send('Content-Length: 100')
    socket.destroy()
    const counted = async () => /status="(400|503)"/.exec(await (await call('/metrics')).text())?.[1]
    await until(counted, { within: 5_000, what: 'the request is counted' })
    expect(await counted()).to.equal('400')
  })

  it('names in /ready the part that has not started and the dependency that does not answer', async () => {
    let kafkaIsBack = false
    const parts = [
      {
        name: 'consumer',
        start: () => (kafkaIsBack ? Promise.resolve() : Promise.reject(new Unavailable('Kafka'))),
      },
    ]
    await start({
      parts,
      checks: { postgres: () => Promise.reject(new Error('down')), redis: () => Promise.resolve() },
    })
    const before = await call('/ready')
    expect(before.status).to.equal(503)
    expect(((await before.json()) as Answer).failing).to.deep.equal(['consumer', 'postgres'])
    kafkaIsBack = true
    const deadline = Date.now() + 5_000
    let failing: string[] = []
    do failing = ((await (await call('/ready')).json()) as Answer).failing
    while (failing.includes('consumer') && Date.now() < deadline)
    expect(failing).to.deep.equal(['postgres'])
    expect((await call('/health')).status).to.equal(200)
  })

  it('does not wait for a client that never finishes its request: it stops within 10 seconds', async () => {
    let stopped = false
    const part = {
      name: 'consumer',
      stop: async () => {
        stopped = await Promise.resolve(true)
      },
    }
    await start({ parts: [part] })
    const { socket, send } = await beginRequest()
    send('Content-Length: 100')
    await call('/teapot') // by then the other request has been read
    const closed = once(socket, 'close')
    await service.stop()
    expect(stopped).to.equal(true)
    await closed
    service = { port: 0, stop: () => Promise.resolve() }
  }).timeout(10_000)

  it('finishes what is in flight and stops its parts in reverse when told to stop', async () => {
    const order: string[] = []
    const part = (name: string): Part => ({
      name,
      stop: async () => {
        order.push(await Promise.resolve(name))
      },
    })
    await start({ parts: [part('db'), part('consumer')] })
    const answer = call('/slow')
    while (!release) await new Promise((resolve) => setImmediate(resolve))
    const stopped = service.stop()
    expect(order).to.deep.equal([])
    release()
    expect(await (await answer).text()).to.equal('done')
    await stopped
    expect(order).to.deep.equal(['consumer', 'db'])
    service = { port: 0, stop: () => Promise.resolve() }
  })
})
