import net from 'node:net'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { OK, onRequest, rehearseConfig } from './rehearsal.ts'
import { createMint, type KeyPair } from './test-certificates.ts'

describe('TLS to upstreams', () => {
  let mint: ReturnType<typeof createMint>
  let authority: KeyPair & { folder: string }
  let stranger: KeyPair
  let server: KeyPair
  let client: KeyPair
  let upstream: tls.Server
  let shown: string[]
  let named: unknown[]
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
    named = []
    const { cert, key } = server
    upstream = tls.createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (socket) => {
      shown.push(String(socket.getPeerCertificate().subject?.CN ?? 'nobody'))
      named.push(socket.servername)
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

  async function statusWith(service: object, upstreams: object[] = [], route: object = {}): Promise<string> {
    const { port } = upstream.address() as net.AddressInfo
    const [known, unknown] = [authority, stranger]
    gateway = await rehearseConfig({
      ca_certificates: [
        { id: ids.authority, cert: known.cert },
        { id: ids.stranger, cert: unknown.cert },
      ],
      certificates: [{ id: clientId, cert: client.cert, key: client.key }],
      upstreams: upstreams.map((one) => ({ ...one, targets: [{ target: `localhost:${port}` }] })),
      services: [
        { name: 's', url: `https://localhost:${port}`, retries: 0, ...service, routes: [{ paths: ['/'], ...route }] },
      ],
    })
    const socket = net.connect(gateway.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
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

  it('takes as many authorities between them as it is told to, and one where it is not', async () => {
    const middle = mint.mint('middle.test', { authority: true, by: authority })
    const last = mint.mint('last.test', { authority: true, by: middle })
    const verified = { tls_verify: true, ca_certificates: [ids.authority] }
    const statuses = []
    for (const [chain, depth] of [
      [[middle], null],
      [[middle, last], null],
      [[middle, last], 2],
      [[middle], 0],
    ] as const) {
      const { cert, key } = mint.mint('localhost', { by: chain.at(-1) ?? authority })
      const sent = [cert, ...chain.map((one) => one.cert).reverse()]
      upstream.setSecureContext({ cert: sent.join(''), key })
      statuses.push(await statusWith({ ...verified, tls_verify_depth: depth }))
      await gateway?.stop()
    }
    expect(statuses).to.deep.equal(['200', '502', '200', '502'])
  })

  it("asks for the server by the Host header's name: that of the upstream, or the client's where it is kept", async () => {
    const url = 'https://u'
    const upstreams = [{ name: 'u', host_header: 'inner.test' }]
    expect(await statusWith({ url }, upstreams)).to.equal('200')
    await gateway?.stop()
    expect(await statusWith({ url }, upstreams, { preserve_host: true })).to.equal('200')
    expect(named).to.deep.equal(['inner.test', 'a.test'])
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
