import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { connectTo, onRequest, rehearse, startUpstream } from './rehearsal.ts'

const MEGABYTE = 1024 * 1024
const PIECE = Buffer.alloc(64 * 1024, 'x')

describe('streaming', () => {
  let upstream: Awaited<ReturnType<typeof startUpstream>>
  let gateway: Awaited<ReturnType<typeof rehearse>>
  let upstreamSocket: Socket | undefined

  async function serve(onConnection: (socket: Socket) => void) {
    upstream = await startUpstream((socket) => {
      upstreamSocket = socket
      onConnection(socket)
    })
    gateway = await rehearse(upstream.port)
  }

  afterEach(async () => {
    await upstream.stop()
    await gateway.stop()
  })

  const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n'

  /** Writes until the other side does not take any more; gives how much it has taken. */
  function pour(socket: Socket, total: number): () => number {
    let poured = 0
    function more() {
      while (poured < total) {
        poured += PIECE.length
        if (!socket.write(PIECE)) return
      }
    }
    socket.on('drain', more)
    more()
    return () => poured - socket.writableLength
  }

  async function settled(measure: () => number): Promise<number> {
    let last = -1
    await until(
      () => {
        const before = last
        last = measure()
        return last === before
      },
      { within: 5_000, what: 'the flow to stop' },
    )
    return last
  }

  it('takes from the upstream no faster than the client reads', async () => {
    const total = 64 * MEGABYTE
    let poured = () => 0
    await serve((socket) =>
      onRequest(socket, () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`)
        poured = pour(socket, total)
      }),
    )
    const client = connectTo(gateway.port)
    client.write(GET)
    await once(client, 'readable')
    expect(await settled(() => poured())).to.be.below(24 * MEGABYTE)
    let received = 0
    client.on('data', (bytes: Buffer) => {
      received += bytes.length
    })
    await once(client, 'end')
    client.end()
    expect(received).to.be.within(total, total + 1000)
  })

  it('takes from the client no faster than the upstream reads', async () => {
    const total = 64 * MEGABYTE
    await serve((socket) => socket.pause())
    const client = connectTo(gateway.port)
    client.write(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${total}\r\n\r\n`)
    const poured = pour(client, total)
    expect(await settled(poured)).to.be.below(24 * MEGABYTE)
    let received = 0
    upstreamSocket?.on('data', (bytes) => {
      received += bytes.length
    })
    upstreamSocket?.resume()
    await until(() => received > total, { within: 10_000, what: 'the whole body upstream' })
    client.destroy()
  })

  it('passes chunks on unharmed, in both directions', async () => {
    const digest = createHash('sha1')
    await serve((socket) => socket.pipe(socket))
    await upstream.stop()
    upstream = await startUpstream((socket) =>
      onRequest(socket, () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        for (let size = 1; size < 3000; size += 7) {
          const piece = String.fromCharCode(97 + (size % 26)).repeat(size)
          digest.update(piece)
          socket.write(`${size.toString(16)}\r\n${piece}\r\n`)
        }
        socket.write('0\r\n\r\n')
      }),
    )
    await gateway.stop()
    gateway = await rehearse(upstream.port)
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/`)
    expect(
      createHash('sha1')
        .update(await answer.text())
        .digest('hex'),
    ).to.equal(digest.digest('hex'))
  })

  it('sends events as they come', async () => {
    await serve((socket) =>
      onRequest(socket, () =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'),
      ),
    )
    const client = connectTo(gateway.port)
    client.write(GET)
    const [head] = (await once(client, 'data')) as [Buffer]
    expect(head.toString()).to.match(/^HTTP\/1\.1 200 OK/)
    for (const event of ['one', 'two']) {
      upstreamSocket?.write(`9\r\ndata: ${event}\r\n`)
      const [piece] = (await once(client, 'data')) as [Buffer]
      expect(piece.toString()).to.include(event)
    }
    client.destroy()
  })

  it('cuts the client off where the upstream has broken off', async () => {
    await serve((socket) =>
      onRequest(socket, () =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', () => socket.destroy()),
      ),
    )
    const client = connectTo(gateway.port)
    let answer = ''
    client.on('data', (bytes) => {
      answer += bytes
    })
    client.write(GET)
    await once(client, 'end')
    client.end()
    expect(answer).to.match(/Content-Length: 10.*half$/s)
  })

  it('closes the connection behind a body whose length HTTP/1.0 cannot know', async () => {
    await serve((socket) =>
      onRequest(socket, () =>
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
      ),
    )
    const client = connectTo(gateway.port)
    let answer = ''
    client.on('data', (bytes) => {
      answer += bytes
    })
    client.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    await once(client, 'end')
    client.end()
    expect(answer).to.match(/Connection: close.*\r\n\r\nabc$/s)
  })

  it('tunnels a WebSocket both ways, and closes both ends', async () => {
    await serve((socket) =>
      onRequest(socket, (head) => {
        expect(head).to.include('Upgrade: websocket')
        socket.removeAllListeners('data')
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello')
        socket.on('data', (bytes) => socket.write(bytes.toString().toUpperCase())).on('end', () => socket.end())
      }),
    )
    const client = connectTo(gateway.port)
    client.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    let answer = ''
    client.on('data', (bytes) => {
      answer += bytes
    })
    await until(() => answer.endsWith('hello'), { within: 2_000, what: 'the first bytes of the tunnel' })
    expect(answer).to.match(/^HTTP\/1\.1 101 .*Upgrade: websocket/s)
    client.write('frame')
    await until(() => answer.endsWith('FRAME'), { within: 2_000, what: 'the echo' })
    client.end()
    await once(client, 'close')
  })
})
