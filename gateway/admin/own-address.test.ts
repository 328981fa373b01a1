import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { expect } from 'chai'
import { type AdminRehearsal, rehearseAdmin } from './rehearsal.ts'

describe('an Admin API without a token', () => {
  let admin: AdminRehearsal

  beforeEach(async () => {
    admin = await rehearseAdmin({})
  })
  afterEach(() => admin.close())

  async function statusWith(headers: Record<string, string>): Promise<number | undefined> {
    const all = { host: '127.0.0.1', 'content-type': 'application/json', 'accept-language': 'th', ...headers }
    const sent = request({ port: admin.port, method: 'POST', path: '/services', headers: all })
    sent.end('{"url":"http://a.test"}')
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    response.resume()
    return response.statusCode
  }

  for (const host of ['127.0.0.1:8001', 'localhost', 'admin.localhost:8001', '[::1]:8001', 'LOCALHOST'])
    it(`may be called as ${host}`, async () => expect(await statusWith({ host })).to.equal(201))

  it('may be called by a page of its own machine', async () => {
    expect(await statusWith({ origin: 'http://localhost:8002', 'sec-fetch-site': 'same-site' })).to.equal(201)
  })

  it('may be called by any name from what is no browser', async () => {
    const sent = request({ port: admin.port, path: '/services', headers: { host: 'gateway.test' } }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    response.resume()
    expect(response.statusCode).to.equal(200)
  })

  const foreign: [what: string, headers: Record<string, string>][] = [
    ['a name that was made to lead here', { host: 'rebound.test:8001' }],
    ['another address', { host: '192.0.2.1' }],
    ['a name that only begins like one of its own', { host: '127.0.0.1.rebound.test' }],
    ['a page of another site', { origin: 'https://elsewhere.test' }],
    ['a page that hides its site', { origin: 'null' }],
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
  ]
  for (const [what, headers] of foreign)
    it(`refuses ${what}`, async () => {
      expect(await statusWith(headers)).to.equal(403)
      expect(admin.controlPlane.entities().services).to.deep.equal([])
    })

  it('refuses nobody for an address once it asks for a token', async () => {
    const guarded = await rehearseAdmin({}, 'a-long-secret')
    const headers = { host: 'gateway.test', origin: 'https://elsewhere.test', 'kong-admin-token': 'a-long-secret' }
    expect((await guarded.call('GET', '/services', undefined, headers)).status).to.equal(200)
    await guarded.close()
  })
})
