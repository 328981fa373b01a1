import { expect } from 'chai'
import { besieged, request, statuses } from '../../test/support/siege.ts'

describe('hostile input that floods', function () {
  this.timeout(20_000)
  const siege = besieged()

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
      expect(statuses(await siege.say(message))).to.deep.equal([status])
      expect(statuses(await siege.say(request('/open')))).to.deep.equal([200])
    })

  it('of clients that hang up in the middle leaves the gateway serving', async () => {
    const whole = 'POST /open HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello'
    for (let length = 1; length < whole.length; length++) {
      const socket = siege.connect().on('error', () => undefined)
      socket.write(whole.slice(0, length), () => (length % 2 ? socket.resetAndDestroy() : socket.destroy()))
    }
    expect(statuses(await siege.say(request('/open')))).to.deep.equal([200])
  })
})
