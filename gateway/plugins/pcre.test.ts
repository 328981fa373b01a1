import { expect } from 'chai'
import { compilePcre } from './pcre.ts'

describe('compilePcre', () => {
  for (const [source, matching, other] of [
    ['^https?:\\/\\/a\\-b\\.test$', 'https://a-b.test', 'https://axb.test'],
    ['(?i)shop', 'my SHOP', 'hop'],
    ['a((?i)b|c)d', 'aCd', 'aCD'],
    ['(?i)(?s)a.b', 'A\nB', 'ab'],
    ['^[[:alpha:]_]+[[:digit:]]$', 'a_b1', '1a'],
    ['^[]x]$', ']', '[]'],
    ['^[^]x]$', 'a', ']'],
    ['^[a[]$', '[', 'b'],
    ['^[a[]][\\]b]$', '[]]', '[]a'],
    ['\\Aab\\z', 'ab', 'A ab'],
    ['^(?P<name>\\w+)\\h\\k<name>$', 'a a', 'a b'],
    ['^a\\h[\\h]$', 'a\t ', 'ahh'],
  ] as const)
    it(`reads ${source} as PCRE does`, () => {
      expect([compilePcre(source).test(matching), compilePcre(source).test(other)]).to.deep.equal([true, false])
    })

  for (const source of ['(', 'a(?i)b', '(?>a)', 'a++', '\\Qa.b\\E', '[[:what:]]', '[:alpha:]', '(?x)a'])
    it(`refuses ${source}`, () => {
      expect(() => compilePcre(source)).to.throw(SyntaxError)
    })
})
