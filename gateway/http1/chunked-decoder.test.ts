import { expect } from 'chai'
import fc from 'fast-check'
import { ChunkedDecoder } from './chunked-decoder.ts'
import { HttpError } from './http-error.ts'

function decode(message: string, step = message.length) {
  const decoder = new ChunkedDecoder()
  const pieces: string[] = []
  let taken = 0
  for (let at = 0; at < message.length && !decoder.done; at += step) {
    const bytes = Buffer.from(message.slice(at, at + step), 'latin1')
    taken += decoder.decode(bytes, 0, (piece) => pieces.push(piece.toString('latin1')))
  }
  return { done: decoder.done, content: pieces.join(''), taken }
}

describe('a chunked body', () => {
  const whole = '5\r\nhello\r\n1;name="value"\r\n \r\nA\r\nbig world!\r\n0\r\nX-Trailer: 1\r\n\r\n'

  it('is read the same wherever it is split', () => {
    for (let step = 1; step <= whole.length; step++)
      expect(decode(whole, step)).to.deep.equal({ done: true, content: 'hello big world!', taken: whole.length })
  })

  it('ends before what does not belong to it', () => {
    expect(decode(`${whole}GET /`).taken).to.equal(whole.length)
  })

  it('gives back whatever has been put into chunks', () => {
    const chunks = fc.array(fc.string({ minLength: 1, unit: 'binary-ascii' }))
    fc.assert(
      fc.property(chunks, fc.integer({ min: 1, max: 50 }), (contents, step) => {
        const framed = contents.map((content) => `${content.length.toString(16)}\r\n${content}\r\n`).join('')
        expect(decode(`${framed}0\r\n\r\n`, step)).to.include({ done: true, content: contents.join('') })
      }),
    )
  })

  const refused: [string, string][] = [
    ['no size', '\r\n'],
    ['a size that is no number', 'xyz\r\n'],
    ['a signed size', '+5\r\nhello\r\n'],
    ['a size with a prefix', '0x5\r\nhello\r\n'],
    ['a size with a space before it', ' 5\r\nhello\r\n'],
    ['an endless size', `${'f'.repeat(17)}\r\n`],
    ['a bare LF behind the size', '5\nhello\r\n'],
    ['a bare LF behind the content', '5\r\nhello\n0\r\n\r\n'],
    ['content longer than its size', '5\r\nhello!\r\n'],
    ['a control character in an extension', '5;a\x0bb\r\nhello\r\n'],
    ['a line break in an extension', '5;a\nb\r\nhello\r\n'],
    ['an endless extension', `5;${'x'.repeat(5000)}`],
    ['a trailer without a colon', '0\r\nGET / HTTP/1.1\r\n\r\n'],
    ['a folded trailer', '0\r\nX: 1\r\n 2\r\n\r\n'],
    ['endless trailers', `0\r\n${'X: 1234567890\r\n'.repeat(2000)}\r\n`],
  ]
  for (const [what, message] of refused)
    it(`is refused for ${what}`, () => {
      for (const step of [1, 7, message.length]) expect(() => decode(message, step)).to.throw(HttpError)
    })
})
