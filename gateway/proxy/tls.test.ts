import { once } from 'node:events'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { PATIENCE } from './data-plane.ts'
import { OK, onRequest, rehearseConfig, startUpstream } from './rehearsal.ts'
import { createMint, type KeyPair } from './test-certificates.ts'

const request = (path = '/', host = 'a.test') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`

describe('TLS for clients', () => {
  let mint: ReturnType<typeof createMint>
  let pairs: Record<'exact' | 'wild' | 'any' | 'next', KeyPair>
  let upstream: Awaited<ReturnType<typeof startUpstream>>
  let gateway: Awaited<ReturnType<typeof rehearseConfig>> | undefined
  let heads: string[]

  before(function () {
    this.timeout(20_000)
    mint = createMint()
    pairs = {
      exact: mint.mint('shop.test'),
      wild: mint.mint('*.shop.test'),
      any: mint.mint('fallback.test'),
      next: mint.mint('next.test'),
    }
  })

  after(() => mint.remove())

  beforeEach(async () => {
    heads = []
    upstream = await startUpstream((socket) =>
      onRequest(socket, (head) => {
        heads.push(head)
        socket.write(OK)
      }),
    )
  })

  afterEach(async () => {
    await gateway?.stop()
    await upstream.stop()
  })

  const certificate = ({ cert, key }: KeyPair, ...names: string[]) => ({
    cert,
    key,
    snis: names.map((name) => ({ name })),
  })

  function config(certificates: object[], route: object = {}) {
    const routes = [{ name: 'r', paths: ['/'], ...route }]
    return { certificates, services: [{ name: 's', url: `http://127.0.0.1:${upstream.port}`, routes }] }
  }

  async function serve(certificates: object[], route?: object, patience = PATIENCE) {
    gateway = await rehearseConfig(config(certificates, route), { secure: true, patience })
    return gateway.port
  }

  async function connect(port: number, options: tls.ConnectionOptions = {}) {
    const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
    await once(socket, 'secureConnect')
    return socket
  }

  async function shownTo(port: number, options?: tls.ConnectionOptions): Promise<string> {
    const socket = await connect(port, options)
    const { subject } = socket.getPeerCertificate()
    socket.destroy()
    return String(subject.CN)
  }

  async function ask(port: number, message: string, options?: tls.ConnectionOptions): Promise<string> {
    const socket = await connect(port, options)
    socket.write(message)
    return await text(socket)
  }

  const three = () => [
    certificate(pairs.exact, 'shop.test'),
    certificate(pairs.wild, '*.shop.test', 'shop.*'),
    certificate(pairs.any, '*'),
  ]

  const shown: [string, string | undefined, string][] = [
    ['its own certificate', 'shop.test', 'shop.test'],
    ['its own in any letter case', 'SHOP.test', 'shop.test'],
    ['that of the wildcard', 'eu.shop.test', '*.shop.test'],
    ['that of the wildcard at the end', 'shop.example', '*.shop.test'],
    ['the fallback, where a wildcard would stand for two labels', 'a.eu.shop.test', 'fallback.test'],
    ['the fallback, where nobody knows it', 'other.test', 'fallback.test'],
    ['the fallback, where it is not named', undefined, 'fallback.test'],
  ]
  for (const [what, servername, expected] of shown)
    it(`shows ${servername ?? 'a host'} ${what}`, async () => {
      expect(await shownTo(await serve(three()), servername === undefined ? {} : { servername })).to.equal(expected)
    })

  it('tells the upstream that it was https, and through which port', async () => {
    const port = await serve(three())
    expect(await ask(port, request())).to.match(/^HTTP\/1\.1 200/)
    expect(heads[0]).to.include('X-Forwarded-Proto: https\r\n').and.include(`X-Forwarded-Port: ${port}\r\n`)
  })

  it('serves a route that asks for https, which plain clients are told to use', async () => {
    const port = await serve(three(), { protocols: ['https'] })
    expect(await ask(port, request())).to.match(/^HTTP\/1\.1 200/)
    const plain = await rehearseConfig(config([], { protocols: ['https'] }))
    const socket = net.connect(plain.port, '127.0.0.1')
    socket.write(request())
    expect(await text(socket)).to.match(/^HTTP\/1\.1 426/)
    await plain.stop()
  })

  it('chooses routes by the host of the handshake', async () => {
    const port = await serve(three(), { protocols: ['https'], snis: ['eu.shop.test'] })
    expect(await ask(port, request(), { servername: 'eu.shop.test' })).to.match(/^HTTP\/1\.1 200/)
    expect(await ask(port, request(), { servername: 'shop.test' })).to.match(/^HTTP\/1\.1 404/)
  })

  it('drops nobody when certificates change, and shows the new ones from then on', async () => {
    const port = await serve(three())
    const open = await connect(port, { servername: 'shop.test' })
    gateway?.load(config([certificate(pairs.next, 'shop.test')]))
    expect(await shownTo(port, { servername: 'shop.test' })).to.equal('next.test')
    open.write(request())
    expect(await text(open)).to.match(/^HTTP\/1\.1 200 .*ok$/s)
  })

  it('carries 8 MB unharmed', async () => {
    const port = await serve(three())
    const size = 8 * 1024 * 1024
    await upstream.stop()
    upstream = await startUpstream((socket) =>
      onRequest(socket, () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
        socket.write(Buffer.alloc(size, 'x'))
      }),
    )
    gateway?.load(config(three()))
    expect((await ask(port, request())).match(/x+$/)?.[0]).to.have.length(size)
  })

  it('refuses a handshake where no certificate is declared', async () => {
    const port = await serve([])
    const failure = await connect(port).catch((error: NodeJS.ErrnoException) => error.code)
    expect(failure).to.equal('ECONNRESET')
  })

  it('lets go who speaks no TLS, or does not go on', async () => {
    const port = await serve(three(), {}, { ...PATIENCE, request: 150 })
    for (const first of [request(), '\x16\x03\x01']) {
      const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
      socket.write(Buffer.from(first, 'latin1'))
      socket.resume()
      await once(socket, 'close')
    }
    expect(await ask(port, request())).to.match(/^HTTP\/1\.1 200/)
  })

  it('does not wait for handshakes when it stops', async () => {
    const port = await serve(three())
    const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    await ask(port, request())
    const closed = once(socket.resume(), 'close')
    await gateway?.stop()
    gateway = undefined
    await closed
  })
})

describe('TLS to upstreams', () => {
  let mint: ReturnType<typeof createMint>
  let authority: KeyPair & { folder: string }
  let stranger: KeyPair
  let server: KeyPair
  let client: KeyPair
  let upstream: tls.Server
  let shown: string[]
  let gateway: Awaited<ReturnType<typeof rehearseConfig>> | undefined

  before(function () {
    this.timeout(20_000)
    mint = createMint()
    authority = mint.mint('authority.test', { authority: true })
    stranger = mint.mint('stranger.test', { authority: true })
    server = mint.mint('localhost', { by: authority })
    client = mint.mint('gateway.test', { by: authority })
  })

  after(() => mint.remove())

  beforeEach(async () => {
    shown = []
    const { cert, key } = server
    upstream = tls.createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (socket) => {
      shown.push(String(socket.getPeerCertificate().subject?.CN ?? 'nobody'))
      socket.on('error', () => socket.destroy())
      onRequest(socket, () => socket.write(OK))
    })
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  })

  afterEach(async () => {
    await gateway?.stop()
    await new Promise((resolve) => upstream.close(resolve))
  })

  const ids = { authority: '4e3ad2e4-0bc4-4638-8e34-c84a417ba39b', stranger: '5e3ad2e4-0bc4-4638-8e34-c84a417ba39b' }
  const clientId = '6e3ad2e4-0bc4-4638-8e34-c84a417ba39b'

  async function statusWith(service: object, upstreams: object[] = []): Promise<string> {
    const { port } = upstream.address() as net.AddressInfo
    const [known, unknown] = [authority, stranger]
    gateway = await rehearseConfig({
      ca_certificates: [
        { id: ids.authority, cert: known.cert },
        { id: ids.stranger, cert: unknown.cert },
      ],
      certificates: [{ id: clientId, cert: client.cert, key: client.key }],
      upstreams: upstreams.map((one) => ({ ...one, targets: [{ target: `localhost:${port}` }] })),
      services: [{ name: 's', url: `https://localhost:${port}`, retries: 0, ...service, routes: [{ paths: ['/'] }] }],
    })
    const socket = net.connect(gateway.port, '127.0.0.1')
    socket.write(request())
    return (await text(socket)).slice(9, 12)
  }

  it('asks for no proof, unless told to', async () => {
    expect(await statusWith({})).to.equal('200')
    expect(shown).to.deep.equal(['nobody'])
  })

  it('takes a certificate of an authority that the service trusts', async () => {
    expect(await statusWith({ tls_verify: true, ca_certificates: [ids.authority] })).to.equal('200')
  })

  it('refuses one of another authority, or of none that the system knows', async () => {
    expect(await statusWith({ tls_verify: true, ca_certificates: [ids.stranger] })).to.equal('502')
    await gateway?.stop()
    expect(await statusWith({ tls_verify: true })).to.equal('502')
  })

  it('refuses the right certificate for another name', async () => {
    const verified = { tls_verify: true, ca_certificates: [ids.authority], url: 'https://u' }
    expect(await statusWith(verified, [{ name: 'u', host_header: 'other.test' }])).to.equal('502')
    await gateway?.stop()
    expect(await statusWith(verified, [{ name: 'u' }])).to.equal('200')
  })

  it("shows the service's certificate, else the upstream's", async () => {
    expect(await statusWith({ client_certificate: { id: clientId } })).to.equal('200')
    await gateway?.stop()
    expect(await statusWith({ url: 'https://u' }, [{ name: 'u', client_certificate: { id: clientId } }])).to.equal(
      '200',
    )
    await until(() => shown.length === 2, { within: 1_000, what: 'both handshakes' })
    expect(shown).to.deep.equal(['gateway.test', 'gateway.test'])
  })
})
