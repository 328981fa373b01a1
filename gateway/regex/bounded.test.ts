import { expect } from 'chai'
import { bounded } from './bounded.ts'

const long = (unit: string, end: string) => unit.repeat(4_000) + end

describe('a bounded regex', () => {
  const hostile: [source: string, flags: string, text: string][] = [
    ['(a+)+$', 'uy', long('a', '!')],
    ['(a|a)*$', 'uy', long('a', '!')],
    ['(a*)*$', 'iuy', long('aA', '!')],
    ['(?:(?:a{1,30}){1,30}){1,3}b', 'y', long('a', '!')],
    ['.*.*.*.*x', 'y', long('a', '!')],
    ['a+a+a+b', '', long('a', '!')],
    ['(?:x|y)(?:[^/]+/?)+$', '', `x${long('a', '//')}`],
    ['(?:(?:a?){20}){20}[^a]', 'y', long('a', '')],
  ]
  for (const [source, flags, text] of hostile) {
    it(`gives an answer for ${source} whatever the text`, () =>
      expect(bounded(new RegExp(source, flags)).test(text)).to.equal(false))
  }

  const harmless = [
    '\\d+/orders/(?<id>[a-z]+)$',
    '(?:users|uploads)/[^/]+',
    '.*',
    '\\d{1,3}(?:\\.\\d+)?$',
    '(?:ab*c|d)+$',
  ]
  for (const source of harmless) {
    it(`is JavaScript's own where the next character decides: ${source}`, () =>
      expect(bounded(new RegExp(source, 'uy'))).to.be.an.instanceof(RegExp))
  }

  it('stays as it is where only going back can match it', () => {
    for (const source of ['(a)\\1', 'a(?=b)', '(?<!a)b'])
      expect(bounded(new RegExp(source))).to.be.an.instanceof(RegExp)
  })

  it('cannot be endlessly large', () => {
    expect(() => bounded(/(?:.{0,300}a){1,300}b/y)).to.throw(SyntaxError, 'size limit')
  })
})
