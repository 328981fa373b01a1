import { expect } from 'chai'
import { HttpError } from './http-error.ts'
import { ResponseReader } from './response-reader.ts'

function read(message: string, { step = message.length, bodyless = false, close = false } = {}): string[] {
  const told: string[] = []
  let content = ''
  const reader = new ResponseReader({
    head: ({ status }) => told.push(`head ${status}`),
    piece: (piece) => {
      content += piece.toString('latin1')
    },
    end: (reusable) => told.push(`body '${content}'`, reusable ? 'reusable' : 'to be closed'),
    tunnelled: (bytes) => told.push(`tunnelled '${bytes.toString('latin1')}'`),
  })
  reader.expect(bodyless)
  // One buffer for all reads, as the sockets use it.
  const memory = Buffer.alloc(step)
  for (let at = 0; at < message.length; at += step) {
    const length = memory.write(message.slice(at, at + step), 'latin1')
    reader.read(memory.subarray(0, length))
  }
  if (close) told.push(reader.endOfInput() ? 'ended' : 'cut')
  return told
}

describe('reading a response', () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'

  it('reads the same wherever the bytes are split', () => {
    for (let step = 1; step <= chunked.length; step++)
      expect(read(chunked, { step })).to.deep.equal(['head 200', "body 'abcde'", 'reusable'])
  })

  it('passes over interim answers', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
    expect(read(`${interim}HTTP/1.1 204 No Content\r\n\r\n`)).to.deep.equal(['head 204', "body ''", 'reusable'])
  })

  it('expects no body for HEAD, 204 and 304, whatever their heads say', () => {
    for (const status of [204, 304])
      expect(read(`HTTP/1.1 ${status} X\r\nContent-Length: 5\r\n\r\n`)).to.deep.equal([
        `head ${status}`,
        "body ''",
        'reusable',
      ])
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', { bodyless: true })).to.include("body ''")
  })

  it('does not use a connection again that brings more than was announced', () => {
    expect(read('HTTP/1.1 204 No Content\r\n\r\nsurprise')).to.deep.equal(['head 204', "body ''", 'to be closed'])
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc')).to.deep.equal([
      'head 200',
      "body 'ab'",
      'to be closed',
    ])
  })

  it('does not use a connection again that is to be closed, or speaks HTTP/1.0', () => {
    for (const head of ['HTTP/1.1 200 OK\r\nConnection: close', 'HTTP/1.0 200 OK'])
      expect(read(`${head}\r\nContent-Length: 0\r\n\r\n`)).to.include('to be closed')
    expect(read('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n')).to.include('reusable')
  })

  it('takes the end of the connection for the end of a body without a length', () => {
    const told = read('HTTP/1.1 200 OK\r\n\r\nabc', { close: true })
    expect(told).to.deep.equal(['head 200', "body 'abc'", 'to be closed', 'ended'])
  })

  it('knows that a body with a length has been cut', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc', { close: true })).to.deep.equal(['head 200', 'cut'])
  })

  it('hands on what follows a change of protocol', () => {
    const told = read('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nframe')
    expect(told).to.deep.equal(['head 101', "tunnelled 'frame'"])
  })

  const garbage: [string, string][] = [
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['both lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['an unknown encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'X: 1\r\n'.repeat(20_000)}`],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnope\r\n'],
  ]
  for (const [what, message] of garbage) it(`refuses ${what}`, () => expect(() => read(message)).to.throw(HttpError))
})
