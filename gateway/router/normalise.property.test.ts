import { expect } from 'chai'
import fc from 'fast-check'
import { escapePath, normalisePath } from './normalise.ts'

const RESERVED = "!*'();:@&=+$,/?%#[]"

/** RFC 3986 §5.2.4 step by step, on what is left of percent-encoding, and with slashes merged. */
function removeDotSegments(path: string): string {
  let input = path
  const output: string[] = []
  while (input !== '') {
    if (input === '/.' || input.startsWith('/./')) input = `/${input.slice(3)}`
    else if (input === '/..' || input.startsWith('/../')) {
      input = `/${input.slice(4)}`
      output.pop()
    } else if (input.startsWith('//')) input = input.slice(1)
    else {
      const [segment] = /^\/[^/]*/.exec(input) as unknown as [string]
      output.push(segment)
      input = input.slice(segment.length)
    }
  }
  return output.join('')
}

function decoded(path: string): string {
  let result = ''
  for (let at = 0; at < path.length; at++) {
    const hex = path.slice(at + 1, at + 3)
    if (path[at] !== '%' || !/^[0-9a-f]{2}$/i.test(hex)) result += path[at]
    else {
      const byte = String.fromCharCode(Number.parseInt(hex, 16))
      result += RESERVED.includes(byte) ? `%${hex.toUpperCase()}` : byte
      at += 2
    }
  }
  return result
}

const piece = fc.oneof(
  fc.constantFrom(
    '/',
    '.',
    '..',
    '/../',
    '//',
    '%2e',
    '%2E',
    '%2f',
    '%2F',
    '%',
    '%2',
    '%25',
    '%5b',
    '%c3%a9',
    '%zz',
    'a',
  ),
  fc.string({ maxLength: 3, unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)) }),
)
const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`)
const runs = { seed: 20250101, numRuns: 5_000 }

describe('normalisePath, with any path', () => {
  it('decodes and removes dot segments as the RFC says', () => {
    fc.assert(
      fc.property(path, (written) => {
        expect(normalisePath(written)).to.equal(removeDotSegments(decoded(written)))
      }),
      runs,
    )
  })

  it('leaves no way up, and no doubled slash', () => {
    fc.assert(
      fc.property(path, (written) => {
        const segments = normalisePath(written).split('/')
        expect(segments[0]).to.equal('')
        expect(segments.slice(1, -1)).not.to.include('')
        expect(segments).not.to.include('.').and.not.to.include('..')
      }),
      runs,
    )
  })

  it('means the same again once it has travelled encoded', () => {
    fc.assert(
      fc.property(path, (written) => {
        const normal = normalisePath(written)
        fc.pre(!/%(?![0-9A-F]{2})/.test(normal)) // a stray percent sign may form an encoding with what follows
        expect(normalisePath(escapePath(normal))).to.equal(normal)
      }),
      runs,
    )
  })
})
