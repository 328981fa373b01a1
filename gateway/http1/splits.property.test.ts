import { expect } from 'chai'
import fc from 'fast-check'
import { type BodyDecoder, createBodyDecoder } from './body-decoder.ts'
import { HttpError } from './http-error.ts'
import { RequestReader } from './request-reader.ts'
import { ResponseReader } from './response-reader.ts'

/** What becomes of a connection's bytes that arrive in these pieces: heads, bodies, and the error that ends it. */
type Reading = (pieces: Buffer[]) => string[]

const readRequests: Reading = (pieces) => {
  const told: string[] = []
  const reader = new RequestReader()
  let body: BodyDecoder | undefined
  let content = ''

  function take(bytes: Buffer): void {
    const behind = body ? readBody(body, bytes) : bytes
    if (behind === undefined || behind.length === 0) return
    reader.push(behind)
    const next = reader.take()
    if (next === undefined) return
    const { method, target, host, fields, contentLength } = next.head
    told.push(`${method} ${target} for ${host}: ${fields.names.map((name) => `${name}=${fields.getAll(name)}`)}`)
    body = createBodyDecoder(contentLength)
    take(reader.rest() ?? Buffer.alloc(0))
  }

  function readBody(decoder: BodyDecoder, bytes: Buffer): Buffer | undefined {
    const at = decoder.decode(bytes, 0, (piece) => {
      content += piece.toString('latin1')
    })
    if (!decoder.done) return undefined
    told.push(`body '${content}'`)
    body = undefined
    content = ''
    return bytes.subarray(at)
  }

  return withStatus(told, () => pieces.forEach(take))
}

const readResponse: Reading = (pieces) => {
  const told: string[] = []
  let content = ''
  const keep = (piece: Buffer) => {
    content += piece.toString('latin1')
  }
  const end = () => told.push(`body '${content}'`, 'over')
  const reader = new ResponseReader({
    head: ({ status }) => told.push(`head ${status}`),
    piece: keep,
    tunnelled: keep,
    end,
  })
  reader.expect(false)
  return withStatus(told, () => {
    // What comes behind the end is nobody's, and ends the connection one way or the other.
    for (const piece of pieces) if (!told.includes('over')) reader.read(piece)
    if (!told.includes('over')) told.push(reader.endOfInput() ? 'ended' : 'cut', content)
  })
}

function withStatus(told: string[], read: () => void): string[] {
  try {
    read()
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    told.push(`refused: ${error.status}`)
  }
  return told
}

const body = fc.string({ unit: 'binary-ascii', maxLength: 30 })
const chunked = fc
  .array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }), { maxLength: 4 })
  .map(
    (chunks) =>
      `${chunks.map((chunk) => `${chunk.length.toString(16)};x=1\r\n${chunk}\r\n`).join('')}0\r\nX-Trailer: 1\r\n\r\n`,
  )
const framed = fc.oneof(
  body.map((content) => `Content-Length: ${content.length}\r\n\r\n${content}`),
  chunked.map((content) => `Transfer-Encoding: chunked\r\n\r\n${content}`),
)
const request = fc
  .tuple(fc.constantFrom('GET /', 'POST /a%20b?c', '\r\nPUT http://b.test/x', 'OPTIONS /'), framed)
  .map(([start, rest]) => `${start} HTTP/1.1\r\nHost: a.test:80\r\nX-A:  1 \r\nx-a: 2\r\n${rest}`)
const interim = fc.constantFrom('', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n')
const response = fc
  .tuple(interim, fc.constantFrom('200 OK', '204 No Content', '304 Not Modified', '500 '), framed)
  .map(([first, status, rest]) => `${first}HTTP/1.1 ${status}\r\nServer: x\r\n${rest}`)

/** Some of what is sent, or something else, in the place of some bytes. */
const damage = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 3 }),
  text: fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    ' ',
    ':',
    '\t',
    '\0',
    ';',
    'x',
    '9',
    '\r\n\r\n',
    'é',
    'Content-Length: 1\r\n',
  ),
})
const cuts = fc.array(fc.nat(), { maxLength: 12 })

function damaged(message: string, marks: { at: number; length: number; text: string }[]): string {
  return marks.reduce((text, { at, length, text: other }) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + other + text.slice(place + length)
  }, message)
}

function cut(message: string, places: number[]): Buffer[] {
  const bytes = Buffer.from(message, 'latin1')
  const ends = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)
  const pieces = [...ends, bytes.length].map((end, at) => Buffer.from(bytes.subarray(ends[at - 1] ?? 0, end)))
  return pieces.filter(({ length }) => length > 0)
}

describe('what comes over a connection, sound or damaged', () => {
  const kinds: [string, fc.Arbitrary<string>, Reading][] = [
    ['requests', fc.array(request, { minLength: 1, maxLength: 3 }).map((list) => list.join('')), readRequests],
    ['a response', response, readResponse],
  ]
  for (const [what, message, read] of kinds)
    it(`is read the same wherever it is cut: ${what}`, () => {
      fc.assert(
        fc.property(message, fc.array(damage, { maxLength: 2 }), cuts, (sound, marks, places) => {
          const sent = damaged(sound, marks)
          expect(read(cut(sent, places))).to.deep.equal(read([Buffer.from(sent, 'latin1')]))
        }),
        { seed: 20250101, numRuns: 3_000 },
      )
    })

  it('is read whole where it is sound', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 3 }), cuts, (requests, places) => {
        const told = readRequests(cut(requests.join(''), places))
        expect(told).to.have.length(2 * requests.length)
      }),
      { seed: 20250101, numRuns: 500 },
    )
  })
})
