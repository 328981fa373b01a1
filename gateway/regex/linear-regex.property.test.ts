import { expect } from 'chai'
import fc from 'fast-check'
import { LinearRegex } from './linear-regex.ts'
import { parse } from './parse.ts'

const items = 'a b é . / [ab] [^a] \\d \\w \\x61 (?:^a) (?:b$) (?:\\ba) (?:a\\B)'.split(' ')
const quantifiers = ['', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?', '??']
const item = fc.constantFrom(...items)
const quantifier = fc.constantFrom(...quantifiers)
const opening = fc.constantFrom('(', '(?:', '(?<N>', '(?s:')

const { pattern } = fc.letrec<{ pattern: string; sequence: string; part: string }>((tie) => ({
  pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }).map((all) => all.join('|')),
  sequence: fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
  part: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.tuple(item, quantifier).map(([one, times]) => one + times),
    fc.tuple(opening, tie('pattern')).map(([open, inner]) => `${open}${inner})`),
    // A repeated group takes something and remembers nothing: what its captures are then is each engine's own.
    fc.tuple(tie('pattern'), quantifier).map(([inner, times]) => `(?:/(?:${uncaptured(inner)}))${times}`),
  ),
}))
const uncaptured = (source: string) => source.replace(/\((?:\?<N>|(?!\?))/g, '(?:')
const regex = fc
  .record({ source: pattern, flags: fc.constantFrom('', 'u', 'y', 'uy', 'iu', 'im', 's') })
  .filter(({ source }) => source.split('<N>').length <= 2)
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é', '1', '/', '😀', '\n'), maxLength: 12 })

describe('a regex that is matched without going back', () => {
  it('finds what JavaScript finds', () => {
    fc.assert(
      fc.property(regex, text, fc.nat(2), ({ source, flags }, text, skipped) => {
        const native = new RegExp(source, flags)
        const linear = new LinearRegex(parse(native), native)
        native.lastIndex = linear.lastIndex = [...text].slice(0, skipped).join('').length
        expect(linear.exec(text)).to.deep.equal(native.exec(text))
      }),
      { numRuns: 2_000 },
    )
  })
})
