import { expect } from 'chai'
import { besieged, request, statuses } from '../../test/support/siege.ts'
import { OK } from '../proxy/rehearsal.ts'

describe('hostile input from an upstream', function () {
  this.timeout(20_000)
  const siege = besieged()

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
      siege.answer = (socket, head) => (head.includes('/bad') ? socket.end(bytes) : socket.write(OK))
      const kept = request('/open/bad').replace('close', 'keep-alive')
      const found = statuses(await siege.say(kept + request('/open/good')))
      expect(found).to.deep.equal([...expected, 200])
    })

  it('half a body ends the connection, so that nobody takes it for whole', async () => {
    for (const head of ['Content-Length: 10', 'Transfer-Encoding: chunked']) {
      siege.answer = (socket) => socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n5\r\nhalf`)
      const found = await siege.say(request('/open').replace('close', 'keep-alive') + request('/open'))
      expect(statuses(found)).to.deep.equal([200])
      expect(found).not.to.match(/0\r\n\r\n$/)
    }
  })

  it('100 MB of fields cost neither the answer nor the memory', async () => {
    const before = await siege.memory()
    siege.answer = (socket) => {
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
    expect(statuses(await siege.say(request('/open')))).to.deep.equal([502])
    expect((await siege.memory()) - before).to.be.below(64 * 1024 * 1024)
  })

  it('interim answers without end are cut short', async () => {
    let flood: NodeJS.Timeout | undefined
    siege.answer = (socket) => {
      flood = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 1)
      socket.on('close', () => clearInterval(flood))
    }
    expect(statuses(await siege.say(request('/open')))).to.deep.equal([502])
  })
})
