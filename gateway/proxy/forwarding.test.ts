import type { Socket } from 'node:net'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { claimPort } from '../free-port.ts'
import { connectTo, OK, onRequest, rehearse, rehearseConfig, startUpstream, talk } from './rehearsal.ts'

describe('forwarding', () => {
  let upstream: Awaited<ReturnType<typeof startUpstream>> | undefined
  let gateway: Awaited<ReturnType<typeof rehearse>> | undefined
  let connections: number
  let received: string[]

  /** An upstream that does with the nth request of the mth connection (from 0) what is said. */
  async function serve(
    answer: (socket: Socket, request: number, connection: number) => void,
    service = {},
    route = {},
  ) {
    connections = 0
    received = []
    upstream = await startUpstream((socket) => {
      const connection = connections++
      onRequest(socket, (head, request) => {
        received.push(head.split(' ')[0] as string)
        answer(socket, request, connection)
      })
    })
    gateway = await rehearse(upstream.port, service, route)
    return gateway.port
  }

  const rehearseUpstream = (upstream: object) =>
    rehearseConfig({
      upstreams: [{ name: 'u', ...upstream }],
      services: [{ name: 's', url: 'http://u', routes: [{ name: 'r', paths: ['/'] }] }],
    })

  afterEach(async () => {
    await upstream?.stop()
    await gateway?.stop()
  })

  const request = (method = 'GET', body = '') =>
    `${method} / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${body && `Content-Length: ${body.length}\r\n`}\r\n${body}`
  const send = async (port: number, message: string) => (await talk(port, message)).slice(0, 12)

  it('uses an upstream connection again', async () => {
    const port = await serve((socket) => socket.write(OK))
    for (let at = 0; at < 5; at++) expect(await send(port, request())).to.equal('HTTP/1.1 200')
    expect(connections).to.equal(1)
  })

  it('does not use a connection again whose upstream wants to close it', async () => {
    const port = await serve((socket) => socket.write(OK.replace('\r\n', '\r\nConnection: close\r\n')))
    for (let at = 0; at < 3; at++) await send(port, request())
    expect(connections).to.equal(3)
  })

  it('replaces a kept connection that has died, without a failed try', async () => {
    const port = await serve((socket, nth) => (nth === 0 ? socket.write(OK) : socket.destroy()), { retries: 0 })
    for (let at = 0; at < 4; at++) expect(await send(port, request())).to.equal('HTTP/1.1 200')
    expect(received).to.have.length(4 + 3)
  })

  it('forgives one dead connection a request, and trusts no other kept one after it', async () => {
    const held: Socket[] = []
    const port = await serve(
      (socket, nth) => {
        if (nth > 0) socket.destroy()
        else if (held.push(socket) === 3) for (const one of held) one.write(OK)
        else if (held.length > 3) socket.destroy()
      },
      { retries: 1 },
    )
    // Three at once leave three kept connections, all of which are about to fail.
    await Promise.all([1, 2, 3].map(() => talk(port, request())))
    received = []
    expect(await send(port, request())).to.equal('HTTP/1.1 502')
    expect(received).to.have.length(1 + 2)
  })

  // nginx's ngx_http_upstream_next: `u->peer.tries++` for each peer whose connection was kept.
  it('forgives one dead connection of each target', async () => {
    const once = (socket: Socket) =>
      onRequest(socket, (_head, nth) => {
        received.push('GET')
        if (nth === 0) socket.write(OK)
        else socket.destroy()
      })
    received = []
    const targets = await Promise.all([startUpstream(once), startUpstream(once)])
    gateway = await rehearseUpstream({ targets: targets.map(({ port }) => ({ target: `127.0.0.1:${port}` })) })
    for (let at = 0; at < 2; at++) expect(await send(gateway.port, request())).to.equal('HTTP/1.1 200')
    received = []
    expect(await send(gateway.port, request())).to.equal('HTTP/1.1 200')
    expect(received).to.have.length(2 + 1)
    await Promise.all(targets.map((target) => target.stop()))
  })

  // kong/init.lua, Kong.balancer: where a retry finds no peer it exits, and the page of nginx's errors is sent.
  it('answers as for any failed try where a later one finds no target', async () => {
    const free = () => claimPort({ host: '127.0.0.1', port: 0 })
    const targets = (await Promise.all([free(), free()])).map((port) => ({ target: `127.0.0.1:${port}` }))
    gateway = await rehearseUpstream({ algorithm: 'latency', targets })
    const answer = await talk(gateway.port, request())
    expect(answer)
      .to.match(/^HTTP\/1\.1 503 /)
      .and.include('The upstream server is currently unavailable')
    expect(answer)
      .to.match(/\r\nContent-Type: text\/plain/)
      .and.match(/\r\nVia: /)
  })

  it('does not send a POST twice, though the kept connection has died', async () => {
    const port = await serve((socket, nth) => (nth === 0 ? socket.write(OK) : socket.destroy()))
    expect(await send(port, request())).to.equal('HTTP/1.1 200')
    expect(await send(port, request('POST', 'once'))).to.equal('HTTP/1.1 502')
    expect(received).to.deep.equal(['GET', 'POST'])
  })

  it('forgets an idle connection that its upstream closes', async () => {
    let closed = false
    const port = await serve((socket, _, connection) => {
      socket.write(OK)
      if (connection === 0)
        socket
          .on('close', () => {
            closed = true
          })
          .on('end', () => socket.destroy())
          .end()
    })
    await send(port, request())
    await until(() => closed, { within: 2_000, what: 'the end of the idle connection' })
    expect(await send(port, request('POST', 'x'))).to.equal('HTTP/1.1 200')
  })

  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
    it(`sends a ${method} again, as often as the service allows`, async () => {
      const port = await serve((socket) => socket.destroy(), { retries: 3 })
      expect(await send(port, request(method, 'body'))).to.equal('HTTP/1.1 502')
      expect(received).to.deep.equal(Array(4).fill(method))
    })

  for (const method of ['POST', 'PATCH'])
    it(`sends a ${method} once`, async () => {
      const port = await serve((socket) => socket.destroy(), { retries: 3 })
      expect(await send(port, request(method, 'body'))).to.equal('HTTP/1.1 502')
      expect(received).to.deep.equal([method])
    })

  it('sends the whole body in every try', async () => {
    const bodies: string[] = []
    upstream = await startUpstream((socket) => {
      let text = ''
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1')
        if (!text.endsWith('end')) return
        bodies.push(text.slice(text.indexOf('\r\n\r\n') + 4))
        if (bodies.length < 3) socket.destroy()
        else socket.write(OK)
      })
    })
    gateway = await rehearse(upstream.port)
    const body = `${'0123456789'.repeat(30_000)}end`
    expect(await send(gateway.port, request('PUT', body))).to.equal('HTTP/1.1 200')
    expect(bodies.map(({ length }) => length)).to.deep.equal([body.length, body.length, body.length])
  })

  it('does not send again what a route without request buffering has streamed', async () => {
    const port = await serve((socket) => socket.destroy(), { retries: 3 }, { request_buffering: false })
    expect(await send(port, request('PUT', 'body'))).to.equal('HTTP/1.1 502')
    expect(received).to.deep.equal(['PUT'])
  })

  it('answers 504 when the upstream keeps silent, after as many tries', async () => {
    const port = await serve(() => undefined, { read_timeout: 60, retries: 2 })
    expect(await send(port, request())).to.equal('HTTP/1.1 504')
    expect(received).to.have.length(3)
  })

  it('measures silence from one read to the next', async () => {
    const port = await serve(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n')
        let sent = 0
        const drip = setInterval(() => {
          socket.write('x')
          if (++sent === 6) clearInterval(drip)
        }, 60)
      },
      { read_timeout: 200 },
    )
    expect(await talk(port, request())).to.match(/x{6}$/)
  })

  it('answers 502 to garbage, and asks no second time', async () => {
    const port = await serve((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n'))
    expect(await send(port, request())).to.equal('HTTP/1.1 502')
    expect(received).to.have.length(1)
  })

  it('answers 502 to a head that does not end', async () => {
    const port = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const flood = setInterval(() => socket.write('X: 0123456789\r\n'.repeat(1000)), 1)
      socket.on('close', () => clearInterval(flood))
    })
    expect(await send(port, request())).to.equal('HTTP/1.1 502')
  })

  it('answers 503 when the name of the upstream cannot be resolved', async () => {
    const port = await serve(() => undefined, { url: 'http://no-such-host.invalid' })
    const answer = await talk(port, request())
    expect(answer).to.match(/^HTTP\/1\.1 503 .*name resolution failed/s)
  })

  it('drops its request when the client goes away', async () => {
    let dropped = false
    const port = await serve((socket) =>
      socket
        .on('end', () => socket.end())
        .on('close', () => {
          dropped = true
        }),
    )
    const client = connectTo(port)
    client.write(request())
    await until(() => received.length === 1, { within: 2_000, what: 'the request upstream' })
    client.destroy()
    await until(() => dropped, { within: 2_000, what: 'the end of the upstream connection' })
  })
})
