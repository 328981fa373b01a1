import { once } from 'node:events'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { expect } from 'chai'
import { PATIENCE } from './data-plane.ts'
import { OK, onRequest, rehearseConfig, startUpstream, talk } from './rehearsal.ts'
import { createMint, type KeyPair } from './test-certificates.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n'

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
    expect(await ask(port, REQUEST)).to.match(/^HTTP\/1\.1 200/)
    expect(heads[0]).to.include('X-Forwarded-Proto: https\r\n').and.include(`X-Forwarded-Port: ${port}\r\n`)
  })

  it('serves a route that asks for https, which plain clients are told to use', async () => {
    const port = await serve(three(), { protocols: ['https'] })
    expect(await ask(port, REQUEST)).to.match(/^HTTP\/1\.1 200/)
    const plain = await rehearseConfig(config([], { protocols: ['https'] }))
    const socket = net.connect(plain.port, '127.0.0.1')
    socket.write(REQUEST)
    expect(await text(socket)).to.match(/^HTTP\/1\.1 426/)
    await plain.stop()
  })

  it('chooses routes by the host of the handshake', async () => {
    const port = await serve(three(), { protocols: ['https'], snis: ['eu.shop.test'] })
    expect(await ask(port, REQUEST, { servername: 'eu.shop.test' })).to.match(/^HTTP\/1\.1 200/)
    expect(await ask(port, REQUEST, { servername: 'shop.test' })).to.match(/^HTTP\/1\.1 404/)
  })

  it('drops nobody when certificates change, and shows the new ones from then on', async () => {
    const port = await serve(three())
    const open = await connect(port, { servername: 'shop.test' })
    gateway?.load(config([certificate(pairs.next, 'shop.test')]))
    expect(await shownTo(port, { servername: 'shop.test' })).to.equal('next.test')
    open.write(REQUEST)
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
    expect((await ask(port, REQUEST)).match(/x+$/)?.[0]).to.have.length(size)
  })

  it('refuses a handshake where no certificate is declared', async () => {
    const port = await serve([])
    const failure = await connect(port).catch((error: NodeJS.ErrnoException) => error.code)
    expect(failure).to.equal('ECONNRESET')
  })

  it('tells who speaks plain HTTP that this is the wrong place', async () => {
    const port = await serve(three())
    const answer = await talk(port, REQUEST.replace('close', 'keep-alive'))
    expect(answer).to.match(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer)
      .to.match(/\r\nConnection: close\r\n/i)
      .and.match(/\r\nContent-Type: text\/html; charset=UTF-8\r\n/)
    expect(answer.split('\r\n\r\n')[1]).to.equal(
      '<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n' +
        '<center><h1>400 Bad Request</h1></center>\r\n' +
        '<center>The plain HTTP request was sent to HTTPS port</center>\r\n</body>\r\n</html>\r\n',
    )
    expect(heads).to.deep.equal([])
  })

  it('lets go who says nothing, or does not go on', async () => {
    const port = await serve(three(), {}, { ...PATIENCE, request: 150 })
    for (const first of ['', '\x16\x03\x01']) {
      const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
      socket.write(Buffer.from(first, 'latin1'))
      socket.resume()
      await once(socket, 'close')
    }
    expect(await ask(port, REQUEST)).to.match(/^HTTP\/1\.1 200/)
  })

  it('does not wait for handshakes when it stops', async () => {
    const port = await serve(three())
    const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    await ask(port, REQUEST)
    const closed = once(socket.resume(), 'close')
    await gateway?.stop()
    gateway = undefined
    await closed
  })
})
