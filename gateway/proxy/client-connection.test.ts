import { once } from 'node:events'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { connectTo, OK, onRequest, rehearse, startUpstream, talk } from './rehearsal.ts'

describe('a client connection', () => {
  let upstream: Awaited<ReturnType<typeof startUpstream>>
  let gateway: Awaited<ReturnType<typeof rehearse>>
  let received: string[]

  beforeEach(async () => {
    received = []
    upstream = await startUpstream((socket) =>
      onRequest(socket, (head) => {
        received.push(head)
        const path = head.split(' ')[1] as string
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${head.startsWith('HEAD') ? '' : path}`)
      }),
    )
    gateway = await rehearse(upstream.port)
  })

  afterEach(async () => {
    await upstream.stop()
    await gateway.stop()
  })

  const request = (path: string, ...fields: string[]) =>
    `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`
  const bodies = (answers: string) => answers.match(/(?<=\r\n\r\n)[^\r\n]+?(?=HTTP\/1\.1|$)/g)

  it('answers pipelined requests one after the other, in their order', async () => {
    const answers = await talk(gateway.port, request('/1') + request('/2') + request('/3', 'Connection: close'))
    expect(bodies(answers)).to.deep.equal(['/1', '/2', '/3'])
  })

  it('answers thousands of pipelined requests that are refused at once', async () => {
    const elsewhere = await rehearse(upstream.port, {}, { paths: ['/only'] })
    const answers = await talk(elsewhere.port, request('/none').repeat(2000) + request('/none', 'Connection: close'))
    expect(answers.match(/HTTP\/1\.1 404/g)).to.have.length(2001)
    await elsewhere.stop()
  })

  it('reads a request that arrives byte by byte', async () => {
    const socket = connectTo(gateway.port)
    const message = `POST /slow HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`
    for (const byte of message) {
      socket.write(byte)
      await new Promise(setImmediate)
    }
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).to.match(/^HTTP\/1\.1 200 .*\/slow$/s)
    socket.destroy()
  })

  it('closes after HTTP/1.0, unless keep-alive is asked for', async () => {
    const old = request('/old').replace('HTTP/1.1', 'HTTP/1.0')
    expect(await talk(gateway.port, old)).to.include('Connection: close')
    const kept = request('/kept', 'Connection: keep-alive').replace('HTTP/1.1', 'HTTP/1.0')
    expect(bodies(await talk(gateway.port, kept + old))).to.deep.equal(['/kept', '/old'])
  })

  it('sends the head alone for HEAD', async () => {
    const answer = await talk(gateway.port, request('/head', 'Connection: close').replace('GET', 'HEAD'))
    expect(answer)
      .to.include('Content-Length: 5')
      .and.match(/\r\n\r\n$/)
  })

  it('invites the body that Expect: 100-continue holds back', async () => {
    const socket = connectTo(gateway.port)
    socket.write(
      'POST /held HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n',
    )
    const [invitation] = (await once(socket, 'data')) as [Buffer]
    expect(invitation.toString()).to.equal('HTTP/1.1 100 Continue\r\n\r\n')
    socket.write('ok')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).to.match(/^HTTP\/1\.1 200/)
    expect(received[0]).not.to.match(/^expect:/im)
    socket.destroy()
  })

  it('refuses what is no HTTP and closes, though requests were answered before', async () => {
    const answers = await talk(gateway.port, `${request('/good')}GET /bad\r\n\r\n`)
    expect(answers.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(['HTTP/1.1 200', 'HTTP/1.1 400'])
    expect(answers).to.include('Connection: close')
  })

  it('never takes a smuggled request for one of its own', async () => {
    const smuggled = request('/admin')
    for (const fields of [
      'Content-Length: 6\r\nTransfer-Encoding: chunked',
      'Content-Length: 5\r\nContent-Length: 6',
      'Transfer-Encoding : chunked',
    ]) {
      const answers = await talk(
        gateway.port,
        `POST / HTTP/1.1\r\nHost: a.test\r\n${fields}\r\n\r\n0\r\n\r\n${smuggled}`,
      )
      expect(answers.match(/HTTP\/1\.1 \d+/g), fields).to.deep.equal(['HTTP/1.1 400'])
    }
    expect(received).to.deep.equal([])
  })

  it('answers 400 when a chunked body turns out malformed', async () => {
    const answer = await talk(
      gateway.port,
      'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n',
    )
    expect(answer).to.match(/^HTTP\/1\.1 400 .*Bad request/s)
  })

  it('goes on after a body that an answer has not waited for', async () => {
    const unread = 'POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nab'
    const socket = connectTo(gateway.port)
    let answers = ''
    socket.on('data', (bytes) => {
      answers += bytes
    })
    socket.write(unread)
    await until(() => answers.includes('/x'), { within: 2_000, what: 'the answer' })
    socket.write(`cde${request('/next')}`)
    await until(() => answers.includes('/next'), { within: 2_000, what: 'the next answer' })
    socket.destroy()
  })

  it('ends when the gateway stops, but not before the answer under way', async () => {
    let answerNow: (() => void) | undefined
    const slow = await startUpstream((socket) =>
      onRequest(socket, () => {
        answerNow = () => socket.write(OK)
      }),
    )
    const stopping = await rehearse(slow.port)
    const answer = talk(stopping.port, request('/slow'))
    const idle = connectTo(stopping.port)
    await until(() => answerNow, { within: 2_000, what: 'the request upstream' })
    const stopped = stopping.stop()
    idle.resume()
    await once(idle, 'end')
    idle.end()
    answerNow?.()
    expect(await answer).to.match(/^HTTP\/1\.1 200 .*ok$/s)
    await stopped
    await slow.stop()
  })

  describe('that keeps the gateway waiting', () => {
    let impatient: Awaited<ReturnType<typeof rehearse>>

    beforeEach(async () => {
      impatient = await rehearse(upstream.port, {}, {}, { request: 150, idle: 100, linger: 100 })
    })

    afterEach(() => impatient.stop())

    it('is told so when its head does not end, however often a byte comes', async () => {
      const socket = connectTo(impatient.port)
      let answer = ''
      socket.on('data', (bytes) => {
        answer += bytes
      })
      socket.write('GET / HTTP/1.1\r\n')
      const drip = setInterval(() => socket.write('X'), 20)
      await once(socket, 'end')
      clearInterval(drip)
      socket.destroy()
      expect(answer).to.match(/^HTTP\/1\.1 408 .*Request timeout/s)
    })

    it('is told so when its body does not come', async () => {
      const silent = await startUpstream((socket) => socket.resume())
      const waiting = await rehearse(silent.port, {}, {}, { request: 150, idle: 100, linger: 100 })
      const answer = await talk(waiting.port, 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\nabc')
      expect(answer).to.match(/^HTTP\/1\.1 408 .*Request timeout/s)
      await silent.stop()
      await waiting.stop()
    })

    it('is let go when it asks for nothing more', async () => {
      expect(bodies(await talk(impatient.port, request('/only')))).to.deep.equal(['/only'])
    })
  })
})
