import { expect } from 'chai'
import { besieged, request, statuses } from '../../test/support/siege.ts'

describe('hostile input that smuggles a second request', function () {
  this.timeout(20_000)
  const siege = besieged()

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
      const found = statuses(await siege.say(message))
      expect(found).to.have.length(1)
      expect(found[0]).to.be.oneOf([400, 501])
      expect(siege.toOpen.filter((head) => head.includes('smuggled'))).to.deep.equal([])
    })

  it('finds the upstream reading every body as the gateway did', async () => {
    await siege.say(
      'POST /open HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\ntransfer-encoding: Chunked\r\n\r\n3;x="y"\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n',
    )
    const [head = ''] = siege.toOpen
    expect(head).to.include('\r\nContent-Length: 3\r\n')
    expect(head.match(/transfer-encoding|content-length/gi)).to.have.length(1)
  })

  it('hides no field behind Connection that the gateway has set', async () => {
    await siege.say(request('/open', 'a.test', 'Connection: X-Forwarded-For, Host, X-Real-IP'))
    expect(siege.toOpen[0])
      .to.match(/^Host: /m)
      .and.match(/^X-Forwarded-For: 127\.0\.0\.1\r$/m)
      .and.match(/^X-Real-IP: /m)
  })
})
