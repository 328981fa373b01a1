import { expect } from 'chai'
import { HttpError } from './http-error.ts'
import type { RequestHead } from './request-head.ts'
import { RequestReader } from './request-reader.ts'

function read(message: string, step = message.length): RequestHead | undefined {
  const reader = new RequestReader()
  for (let at = 0; at < message.length; at += step) {
    reader.push(Buffer.from(message.slice(at, at + step), 'latin1'))
    const next = reader.take()
    if (next) return next.head
  }
  return undefined
}

function statusOf(message: string): number | undefined {
  try {
    return read(message) ? 200 : undefined
  } catch (error) {
    if (error instanceof HttpError) return error.status
    throw error
  }
}

const withFields = (...lines: string[]) =>
  `POST / HTTP/1.1\r\nHost: a.test\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`

describe('reading a request head', () => {
  const whole = 'GET /a%20b?c=d HTTP/1.1\r\nHost: Shop.test:8000\r\nX-Twice: 1\r\nx-twice:\t 2 \r\nX-Empty:\r\n\r\n'

  it('gives method, target, host and fields as they were sent', () => {
    const head = read(whole) as RequestHead
    expect(head).to.include({ method: 'GET', target: '/a%20b?c=d', path: '/a%20b', query: 'c=d', minor: 1 })
    expect(head).to.include({ host: 'Shop.test', port: 8000, contentLength: 0 })
    expect(head.fields.getAll('x-twice')).to.deep.equal(['1', '2'])
    expect(head.fields.names).to.deep.equal(['Host', 'X-Twice', 'x-twice', 'X-Empty'])
    expect(head.fields.get('x-empty')).to.equal('')
  })

  it('reads the same wherever the bytes are split', () => {
    for (let step = 1; step < whole.length; step++)
      expect(read(whole, step), `steps of ${step}`).to.deep.equal(read(whole))
  })

  it('leaves what follows the head for the body or the next request', () => {
    const reader = new RequestReader()
    reader.push(Buffer.from(`${whole}rest`))
    expect(reader.take()?.head.method).to.equal('GET')
    expect(reader.rest()?.toString()).to.equal('rest')
    expect(reader.isEmpty).to.equal(true)
  })

  it('ignores empty lines before the request line', () => {
    expect(read(`\r\n\r\n${whole}`)?.path).to.equal('/a%20b')
  })

  it('keeps the host of an absolute target apart from the Host field, by which Kong routes', () => {
    const head = read('GET http://real.test:81/x?y HTTP/1.1\r\nHost: other.test:82\r\n\r\n') as RequestHead
    expect(head).to.include({ targetHost: 'real.test', host: 'other.test', port: 82, path: '/x', query: 'y' })
    expect(head.fields.getAll('host')).to.deep.equal(['other.test:82'])
  })

  it('takes any scheme for an absolute target, as nginx does', () => {
    expect(read('GET ftp://real.test/x HTTP/1.1\r\nHost: a.test\r\n\r\n')).to.include({ path: '/x' })
  })

  it('takes a later minor version for the one that it knows, as nginx does', () => {
    expect(read('GET / HTTP/1.2\r\nHost: a.test\r\n\r\n')?.minor).to.equal(1)
  })

  it('leaves a colon without a port in the host, which is then another one for routes', () => {
    const head = read('GET / HTTP/1.1\r\nHost: a.test:\r\n\r\n')
    expect(head).to.include({ host: 'a.test:', port: undefined, targetHost: 'a.test' })
  })

  // ngx_http_parse_complex_uri of nginx 1.25 ends the arguments at `#`; Kong forwards the path as it was sent.
  const fragments: [target: string, path: string, query: string | undefined][] = [
    ['/a#b', '/a#b', undefined],
    ['/a#b?c=d', '/a#b', undefined],
    ['/a?c=1#d?e', '/a', 'c=1'],
    ['/a?#b', '/a', undefined],
    ['/a?', '/a', ''],
  ]
  for (const [target, path, query] of fragments)
    it(`reads the query of ${target} as nginx does`, () => {
      expect(read(`GET ${target} HTTP/1.1\r\nHost: a.test\r\n\r\n`)).to.include({ path, query })
    })

  it('drops fields whose names are no letters, digits, dashes or underscores, as nginx does', () => {
    expect(read(withFields('X.Dot: 1', 'x_under: 2'))?.fields.keys).to.deep.equal(['host', 'x_under'])
  })

  it('does not demand Host of HTTP/1.0', () => {
    expect(read('GET / HTTP/1.0\r\n\r\n')).to.include({ host: '', minor: 0 })
  })

  it('leaves the length open where the body is chunked', () => {
    expect(read(withFields('Transfer-Encoding: Chunked'))?.contentLength).to.equal(undefined)
  })
})

describe('refusing a request head', () => {
  const refused: [string, number, string][] = [
    ['both lengths', 400, withFields('Content-Length: 3', 'Transfer-Encoding: chunked')],
    ['two equal lengths', 400, withFields('Content-Length: 3', 'Content-Length: 3')],
    ['two different lengths', 400, withFields('Content-Length: 3', 'Content-Length: 4')],
    ['a list of lengths', 400, withFields('Content-Length: 3, 3')],
    ['a signed length', 400, withFields('Content-Length: +3')],
    ['a hexadecimal length', 400, withFields('Content-Length: 0x3')],
    ['an empty length', 400, withFields('Content-Length:')],
    ['an endless length', 400, withFields('Content-Length: 99999999999999999999')],
    ['two encodings', 400, withFields('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')],
    ['an encoding behind chunked', 501, withFields('Transfer-Encoding: chunked, gzip')],
    ['an encoding before chunked', 501, withFields('Transfer-Encoding: gzip, chunked')],
    ['an encoding that only looks chunked', 501, withFields('Transfer-Encoding: xchunked')],
    ['a quoted encoding', 501, withFields('Transfer-Encoding: "chunked"')],
    ['an encoding with a control character', 400, withFields('Transfer-Encoding: \x0bchunked')],
    ['chunked over HTTP/1.0', 400, 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a space before the colon', 400, withFields('Transfer-Encoding : chunked')],
    ['a tab before the colon', 400, withFields('Content-Length\t: 3')],
    ['a folded line', 400, withFields('X-Folded: a', ' b')],
    ['a folded first line', 400, 'GET / HTTP/1.1\r\n Host: a.test\r\n\r\n'],
    ['a line without a colon', 400, withFields('Content-Length')],
    ['an empty name', 400, withFields(': 3')],
    ['a name with a bracket', 400, withFields('X(1): 3')],
    ['a name beyond ASCII', 400, withFields('X-\xe9: 3')],
    ['a NUL', 400, withFields('X: a\0b')],
    ['a bare LF between fields', 400, 'GET / HTTP/1.1\r\nHost: a.test\nX: 1\r\n\r\n'],
    ['bare LFs throughout', 400, 'GET / HTTP/1.1\nHost: a.test\n\n'],
    ['a bare CR in a value', 400, withFields('X: a\rContent-Length: 3')],
    ['two Hosts', 400, 'GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n'],
    ['no Host', 400, 'GET / HTTP/1.1\r\n\r\n'],
    ['an empty Host', 400, 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['a Host with a path', 400, 'GET / HTTP/1.1\r\nHost: a.test/x\r\n\r\n'],
    ['a Host with user information', 400, 'GET / HTTP/1.1\r\nHost: a@b.test\r\n\r\n'],
    ['a Host with a space', 400, 'GET / HTTP/1.1\r\nHost: a test\r\n\r\n'],
    ['two dots in Host', 400, 'GET / HTTP/1.1\r\nHost: a..test\r\n\r\n'],
    ['two Authorizations', 400, withFields('Authorization: a', 'authorization: b')],
    ['a space in the target', 400, 'GET /a b HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['a tab in the target', 400, 'GET /a\tb HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['the target *', 400, 'OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['a target without a slash', 400, 'GET a HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['two spaces', 400, 'GET  / HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['a method in lower case', 400, 'get / HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['no version', 400, 'GET /\r\nHost: a.test\r\n\r\n'],
    ['another version', 505, 'GET / HTTP/2.0\r\nHost: a.test\r\n\r\n'],
    ['a misspelt version', 400, 'GET / HTTQ/1.1\r\nHost: a.test\r\n\r\n'],
    ['a TLS handshake', 400, '\x16\x03\x01\x02\0\x01\r\n\r\n'],
    ['TRACE', 405, 'TRACE / HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['CONNECT', 405, 'CONNECT / HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['CONNECT to an authority', 400, 'CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['a Host that is a dot', 400, 'GET / HTTP/1.1\r\nHost: .\r\n\r\n'],
    ['a long target', 414, `GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: a.test\r\n\r\n`],
    ['a long field', 494, withFields(`X: ${'x'.repeat(9000)}`)],
    ['many fields', 494, withFields(...Array.from({ length: 6000 }, (_, at) => `X-${at}: 1`))],
    ['a long target that does not end', 414, `GET /${'x'.repeat(9000)}`],
    ['a long field that does not end', 494, `GET / HTTP/1.1\r\nX: ${'x'.repeat(9000)}`],
  ]
  for (const [what, status, message] of refused)
    it(`answers ${status} to ${what}`, () => expect(statusOf(message)).to.equal(status))

  const toPath = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`
  for (const path of ['/..', '/a/../..', '/a/%2E%2e/..', '/a%2f../..', '//../a', '/./..', '/%', '/%2', '/%zz', '/%00'])
    it(`answers 400 to the path ${path}`, () => expect(statusOf(toPath(path))).to.equal(400))
  for (const path of ['/a/..', '/a/b/../../', '/a/..b', '/...', '/%25', '/?a=%zz%00/../..', '/#%zz/../..'])
    it(`reads the path ${path}`, () => expect(statusOf(toPath(path))).to.equal(200))
})
