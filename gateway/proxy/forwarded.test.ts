import { expect } from 'chai'
import { OK, onRequest, rehearseConfig, startUpstream, talk } from './rehearsal.ts'

const SENT = {
  'X-Real-IP': '192.0.2.1',
  'X-Forwarded-For': '203.0.113.9',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'shop.test',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Path': '/outside',
  'X-Forwarded-Prefix': '/before',
}

describe('what a request says of where it comes from', () => {
  let upstream: Awaited<ReturnType<typeof startUpstream>>
  let gateway: Awaited<ReturnType<typeof rehearseConfig>>
  let received: string[]

  beforeEach(async () => {
    received = []
    upstream = await startUpstream((socket) =>
      onRequest(socket, (head) => {
        received.push(head)
        socket.write(OK)
      }),
    )
  })

  afterEach(async () => {
    await upstream.stop()
    await gateway.stop()
  })

  /** This test's requests come from 127.0.0.1. */
  async function serve(trusted: string[], more: object = {}) {
    const routes = [
      { name: 'all', paths: ['/'] },
      { name: 'secure', paths: ['/secure'], protocols: ['https'], https_redirect_status_code: 308 },
    ]
    const services = [{ name: 'up', url: `http://127.0.0.1:${upstream.port}`, routes }]
    const addresses = { addresses: trusted, header: 'x-real-ip', recursive: false }
    gateway = await rehearseConfig({ services, ...more }, { trusted: addresses })
  }

  const request = (path: string, fields: Record<string, string>, connection = 'close') =>
    `GET ${path} HTTP/1.1\r\nHost: a.test\r\nConnection: ${connection}\r\n${Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`
  const ask = (path: string, fields: Record<string, string>) => talk(gateway.port, request(path, fields))
  const told = (head = received.at(-1)) =>
    Object.fromEntries([...(head ?? '').matchAll(/^(X-(?:Real|Forwarded)[^:]*): (.*)\r$/gm)].map(([, ...pair]) => pair))

  it('is replaced where the sender is not trusted, and its address added to the list', async () => {
    await serve(['10.0.0.0/8'])
    await ask('/inside', SENT)
    expect(told()).to.deep.equal({
      'X-Real-IP': '127.0.0.1',
      'X-Forwarded-For': '203.0.113.9, 127.0.0.1',
      'X-Forwarded-Proto': 'http',
      'X-Forwarded-Host': 'a.test',
      'X-Forwarded-Port': String(gateway.port),
      'X-Forwarded-Path': '/inside',
    })
  })

  it('goes on to the upstream where the sender is trusted', async () => {
    await serve(['127.0.0.1'])
    await ask('/inside', SENT)
    expect(told()).to.deep.equal({ ...SENT, 'X-Forwarded-For': '203.0.113.9, 127.0.0.1' })
  })

  it('is made up for by the gateway where a trusted sender leaves it out', async () => {
    await serve(['127.0.0.1'])
    await ask('/inside', { 'X-Real-IP': '192.0.2.1' })
    expect(told()).to.deep.equal({
      'X-Real-IP': '192.0.2.1',
      'X-Forwarded-For': '192.0.2.1',
      'X-Forwarded-Proto': 'http',
      'X-Forwarded-Host': 'a.test',
      'X-Forwarded-Port': String(gateway.port),
      'X-Forwarded-Path': '/inside',
    })
  })

  it('counts for a route of https alone only where the sender is trusted', async () => {
    await serve(['127.0.0.1'])
    expect(await ask('/secure', SENT)).to.match(/^HTTP\/1\.1 200/)
    expect(await ask('/secure', { 'X-Forwarded-Host': 'shop.test' })).to.match(
      /^Location: https:\/\/shop\.test\/secure\r$/m,
    )
    await gateway.stop()
    await serve([])
    const refused = await ask('/secure', SENT)
    expect(refused).to.match(/^HTTP\/1\.1 308/)
    expect(refused).to.match(/^Location: https:\/\/a\.test\/secure\r$/m)
  })

  describe('as plugins see it', () => {
    const statuses = (answers: string) => [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)
    const twice = (first: string, second: string, path = '/') =>
      talk(gateway.port, request(path, { 'X-Real-IP': first }, 'keep-alive') + request(path, { 'X-Real-IP': second }))

    it('counts for ip-restriction, for each request of a connection anew', async () => {
      const plugins = [{ name: 'ip-restriction', config: { allow: ['192.0.2.1'] } }]
      await serve(['127.0.0.1'], { plugins })
      expect(statuses(await twice('192.0.2.1', '192.0.2.2'))).to.deep.equal(['200', '403'])
      expect(statuses(await ask('/', {}))).to.deep.equal(['403'])
    })

    it('lets nobody around ip-restriction who is not trusted', async () => {
      await serve(['10.0.0.1'], { plugins: [{ name: 'ip-restriction', config: { allow: ['192.0.2.1'] } }] })
      expect(statuses(await twice('192.0.2.1', '192.0.2.1'))).to.deep.equal(['403', '403'])
    })

    const limited = { plugins: [{ name: 'rate-limiting', config: { hour: 1, limit_by: 'ip', policy: 'local' } }] }

    it('gives each client behind a trusted sender a limit of its own', async () => {
      await serve(['127.0.0.1'], limited)
      expect(statuses(await twice('192.0.2.1', '192.0.2.2'))).to.deep.equal(['200', '200'])
      expect(statuses(await ask('/', { 'X-Real-IP': '192.0.2.2' }))).to.deep.equal(['429'])
    })

    it('gives no new limit to a client that claims another address', async () => {
      await serve([], limited)
      expect(statuses(await twice('192.0.2.1', '192.0.2.2'))).to.deep.equal(['200', '429'])
    })
  })
})
