import type { Socket } from 'node:net'
import { expect } from 'chai'
import { exchange } from '../test/conformance/exchange.ts'
import { type GatewayProcess, startGateway } from '../test/conformance/gateway-process.ts'
import { connectTo, OK, onRequest, startUpstream, talk } from './proxy/rehearsal.ts'

/** Through a gateway process of its own. How single heads and bodies are read is tested in `http1/`, slowness in `proxy/`. */
describe('hostile input', function () {
  this.timeout(20_000)
  let gateway: GatewayProcess
  let open: Awaited<ReturnType<typeof startUpstream>>
  let secret: Awaited<ReturnType<typeof startUpstream>>
  let toOpen: string[]
  let toSecret: string[]
  /** What the open upstream does with a request. */
  let answer: (socket: Socket, head: string) => void

  before(async () => {
    open = await startUpstream((socket) =>
      onRequest(socket, (head) => {
        toOpen.push(head)
        answer(socket, head)
      }),
    )
    secret = await startUpstream((socket) =>
      onRequest(socket, (head) => {
        toSecret.push(head)
        socket.write(OK)
      }),
    )
    gateway = await startGateway()
    const response = await exchange(gateway.admin, {
      method: 'POST',
      path: '/config',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(config()),
    })
    expect(response.status).to.equal(201)
  })

  after(async () => {
    await gateway?.stop()
    await Promise.all([open.stop(), secret.stop()])
  })

  beforeEach(() => {
    toOpen = []
    toSecret = []
    answer = (socket) => socket.write(OK)
  })

  /** What stands behind /admin, and behind any path of inner.test, wants a key. */
  function config() {
    const keyed = [{ name: 'key-auth' }]
    const url = (port: number) => `http://127.0.0.1:${port}`
    const protectedRoutes = [
      { name: 'admin', paths: ['/admin'], plugins: keyed },
      { name: 'inner', hosts: ['inner.test'], plugins: keyed },
    ]
    return {
      _format_version: '3.0',
      services: [
        { name: 'open', url: url(open.port), retries: 0, routes: [{ name: 'open', paths: ['/open'] }] },
        { name: 'secret', url: url(secret.port), routes: protectedRoutes },
      ],
    }
  }

  const say = (message: string) => talk(gateway.proxy.port, message)
  const request = (target: string, host = 'a.test', ...fields: string[]) =>
    `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${fields.map((field) => `${field}\r\n`).join('')}Connection: close\r\n\r\n`
  const statuses = (answers: string) =>
    [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

  describe('that smuggles a second request', () => {
    const smuggled = 'GET /open/smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n'
    const post = (fields: string, body: string, version = '1.1') =>
      `POST /open HTTP/${version}\r\nHost: a.test\r\n${fields}\r\n\r\n${body}${smuggled}`
    const chunked = (body: string) => post('Transfer-Encoding: chunked', body)
    const refused: [string, string][] = [
      ['both lengths', post('Content-Length: 4\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
      ['both lengths the other way round', post('Transfer-Encoding: chunked\r\nContent-Length: 5', '0\r\n\r\n')],
      ['two lengths', post('Content-Length: 0\r\nContent-Length: 44', '')],
      ['a list of lengths', post('Content-Length: 0, 44', '')],
      ['a length with a sign', post('Content-Length: +0', '')],
      ['a length in hexadecimal', post('Content-Length: 0x0', '')],
      ['a length with a space in it', post('Content-Length: 4 4', '')],
      ['an encoding that is hardly chunked', post('Transfer-Encoding: xchunked', '0\r\n\r\n')],
      ['two encodings', post('Transfer-Encoding: identity\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
      ['a list of encodings', post('Transfer-Encoding: identity, chunked', '0\r\n\r\n')],
      ['an encoding in quotes', post('Transfer-Encoding: "chunked"', '0\r\n\r\n')],
      ['an encoding behind a vertical tab', post('Transfer-Encoding:\x0bchunked', '0\r\n\r\n')],
      ['an encoding with a NUL', post('Transfer-Encoding: chunked\0', '0\r\n\r\n')],
      ['a space before the colon', post('Transfer-Encoding : chunked', '0\r\n\r\n')],
      ['a folded encoding', post('Transfer-Encoding:\r\n chunked', '0\r\n\r\n')],
      ['a folded line in front', post('X: a\r\n\tTransfer-Encoding: chunked', '0\r\n\r\n')],
      ['a bare line feed between fields', post('X: a\nTransfer-Encoding: chunked', '0\r\n\r\n')],
      ['a bare carriage return between fields', post('X: a\rTransfer-Encoding: chunked', '0\r\n\r\n')],
      ['chunks over HTTP/1.0', post('Transfer-Encoding: chunked', '0\r\n\r\n', '1.0')],
      ['a chunk size in C', chunked('0x0\r\n\r\n')],
      ['a chunk size with a sign', chunked('-0\r\n\r\n')],
      ['a chunk size behind a space', chunked(' 0\r\n\r\n')],
      ['a chunk size beyond all numbers', chunked('10000000000000000\r\n\r\n')],
      ['a chunk size that ends with a line feed', chunked('0\n\r\n')],
      ['a chunk extension with a line feed', chunked('0;a\nb\r\n\r\n')],
      ['a chunk extension with a carriage return', chunked('0;a\rb\r\n\r\n')],
      ['a chunk that is longer than its size', chunked('1\r\nabc\r\n0\r\n\r\n')],
      ['a trailer without a colon', chunked('0\r\nContent-Length\r\n\r\n')],
    ]
    for (const [what, message] of refused)
      it(`by ${what} is refused, once`, async () => {
        const found = statuses(await say(message))
        expect(found).to.have.length(1)
        expect(found[0]).to.be.oneOf([400, 501])
        expect(toOpen.filter((head) => head.includes('smuggled'))).to.deep.equal([])
      })

    it('finds the upstream reading every body as the gateway did', async () => {
      await say(
        'POST /open HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\ntransfer-encoding: Chunked\r\n\r\n3;x="y"\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n',
      )
      const [head = ''] = toOpen
      expect(head).to.include('\r\nContent-Length: 3\r\n')
      expect(head.match(/transfer-encoding|content-length/gi)).to.have.length(1)
    })

    it('hides no field behind Connection that the gateway has set', async () => {
      await say(request('/open', 'a.test', 'Connection: X-Forwarded-For, Host, X-Real-IP'))
      expect(toOpen[0])
        .to.match(/^Host: /m)
        .and.match(/^X-Forwarded-For: 127\.0\.0\.1\r$/m)
        .and.match(/^X-Real-IP: /m)
    })
  })

  describe('that floods', () => {
    const floods: [string, number, string][] = [
      ['a long target', 414, request(`/open/${'x'.repeat(9_000)}`)],
      ['a long field', 400, request('/open', 'a.test', `X: ${'x'.repeat(9_000)}`)],
      [
        'many long fields',
        400,
        request('/open', 'a.test', ...Array.from({ length: 8 }, (_, at) => `X-${at}: ${'x'.repeat(8_000)}`)),
      ],
      ['many short fields', 400, request('/open', 'a.test', ...Array.from({ length: 10_000 }, (_, at) => `X${at}: `))],
      ['a head that does not end', 400, `GET /open HTTP/1.1\r\n${'X: 1\r\n'.repeat(100_000)}`],
      ['a line that does not end', 414, `GET /${'x'.repeat(1_000_000)}`],
      [
        'a chunk extension that does not end',
        400,
        `POST /open HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(100_000)}`,
      ],
      [
        'trailers that do not end',
        400,
        `POST /open HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'X: 1\r\n'.repeat(10_000)}`,
      ],
    ]
    for (const [what, status, message] of floods)
      it(`with ${what} is answered ${status}, and cut off`, async () => {
        expect(statuses(await say(message))).to.deep.equal([status])
        expect(statuses(await say(request('/open')))).to.deep.equal([200])
      })
  })

  describe('that looks for a way around a key', () => {
    const targets = [
      ...['/admin', '/admin/', '//admin', '/./admin', '/open/../admin', '/open/%2e%2e/admin', '/open/%2E./admin'],
      ...['/open/.%2e/admin/x', '/%61dmin', '/adm%69n', '/admin%2f', '/admin%2F..%2Fopen', '/open/../../admin'],
      ...[
        '/open/..;/admin',
        '/open%2f..%2fadmin',
        '/open\\..\\admin',
        '/admin%00',
        '/%2fadmin',
        '/admin?/open',
        '/admin#/open',
      ],
      ...[
        'http://a.test/admin',
        'HTTP://a.test/admin',
        'http://a.test//admin',
        'http://inner.test/open',
        'http://inner.test:80/',
      ],
      ...[
        'https://a.test/admin',
        'http://x@a.test/admin',
        'http:///admin',
        'a.test:80',
        '*',
        'admin',
        '/admin\t',
        '/ADMIN',
      ],
    ]
    for (const target of targets)
      it(`by the target ${JSON.stringify(target)} finds none`, async () => {
        const [status] = statuses(await say(request(target)))
        expect(toSecret).to.deep.equal([])
        expect(status).to.be.oneOf([200, 400, 401, 404])
        if (status === 200) expect(toOpen).to.have.length(1)
      })

    const hosts = [
      ...[
        'inner.test',
        'INNER.test',
        'inner.test:80',
        'inner.test:99999',
        'inner.test.',
        'inner.test:',
        'x@inner.test',
      ],
      ...[
        'inner.test, a.test',
        'a.test inner.test',
        'inner.test/',
        'inner.test#',
        '[inner.test]',
        'inner.test\0',
        'a..inner.test',
      ],
    ]
    for (const host of hosts)
      it(`by the Host ${JSON.stringify(host)} finds none`, async () => {
        const [status] = statuses(await say(request('/', host)))
        expect(toSecret).to.deep.equal([])
        expect(status).to.be.oneOf([400, 401, 404])
      })

    it('by two Hosts, or one that the target contradicts, finds none', async () => {
      expect(statuses(await say(request('/open', 'a.test', 'Host: inner.test')))).to.deep.equal([400])
      expect(statuses(await say(request('http://inner.test/open', 'a.test')))).to.deep.equal([401])
      await say(request('http://a.test/open', 'inner.test'))
      expect(toSecret).to.deep.equal([])
      expect(toOpen[0]).to.include('X-Forwarded-Host: a.test\r\n')
    })

    it('by another method finds none', async () => {
      for (const method of ['CONNECT', 'TRACE', 'get', 'G\x00T', 'OPTIONS', 'HEAD', 'PROPFIND'])
        await say(request('/admin').replace('GET', method))
      expect(toSecret).to.deep.equal([])
    })
  })

  describe('from an upstream', () => {
    const bad: [string, string, number[]][] = [
      ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', [502]],
      ['half a head', 'HTTP/1.1 200 OK\r\nContent-', [502]],
      ['nothing', '', [502]],
      ['both lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok', [502]],
      ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok', [502]],
      ['a field with a bare carriage return', 'HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n', [502]],
      ['a folded field', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n', [502]],
      ['a change of protocol that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', [502]],
      ['nothing but interim answers', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000), [502]],
      ['interim answers first', `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3)}${OK}`, [200]],
      ['204 with a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok', [204]],
      ['more than it has announced', `${OK}${OK}`, [200]],
    ]
    for (const [what, bytes, expected] of bad)
      it(`${what} becomes ${expected}, and nobody else's answer`, async () => {
        answer = (socket, head) => (head.includes('/bad') ? socket.end(bytes) : socket.write(OK))
        const kept = request('/open/bad').replace('close', 'keep-alive')
        const found = statuses(await say(kept + request('/open/good')))
        expect(found).to.deep.equal([...expected, 200])
      })

    it('half a body ends the connection, so that nobody takes it for whole', async () => {
      for (const head of ['Content-Length: 10', 'Transfer-Encoding: chunked']) {
        answer = (socket) => socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n5\r\nhalf`)
        const found = await say(request('/open').replace('close', 'keep-alive') + request('/open'))
        expect(statuses(found)).to.deep.equal([200])
        expect(found).not.to.match(/0\r\n\r\n$/)
      }
    })

    it('100 MB of fields cost neither the answer nor the memory', async () => {
      const before = await memory()
      answer = (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const piece = `X: ${'x'.repeat(65_000)}\r\n`
        let left = 100_000_000
        const pour = () => {
          while (left > 0 && !socket.destroyed) {
            left -= piece.length
            if (!socket.write(piece)) return
          }
        }
        socket.on('drain', pour)
        pour()
      }
      expect(statuses(await say(request('/open')))).to.deep.equal([502])
      expect((await memory()) - before).to.be.below(64 * 1024 * 1024)
    })

    it('interim answers without end are cut short', async () => {
      let flood: NodeJS.Timeout | undefined
      answer = (socket) => {
        flood = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 1)
        socket.on('close', () => clearInterval(flood))
      }
      expect(statuses(await say(request('/open')))).to.deep.equal([502])
    })

    async function memory(): Promise<number> {
      const { body } = await exchange(gateway.admin, { path: '/status' })
      return JSON.parse(body).memory.process_rss
    }
  })

  it('leaves the gateway serving whoever hangs up in the middle', async () => {
    const whole = 'POST /open HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello'
    for (let length = 1; length < whole.length; length++) {
      const socket = connectTo(gateway.proxy.port).on('error', () => undefined)
      socket.write(whole.slice(0, length), () => (length % 2 ? socket.resetAndDestroy() : socket.destroy()))
    }
    expect(statuses(await say(request('/open')))).to.deep.equal([200])
  })
})
