import { expect } from 'chai'
import fc from 'fast-check'
import { PrefixIndex } from './prefix-index.ts'

const text = fc.string({ unit: fc.constantFrom('/', 'a', 'b', '\xe9'), maxLength: 6 })

function found(index: PrefixIndex<string>, path: string): string[] {
  const values: string[] = []
  for (let at = index.longest(path); at >= 0; at = index.parent(at)) values.push(index.value(at))
  return values
}

describe('the prefix index', () => {
  it('finds all that is stored under prefixes of a path, the longest first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 20 }), fc.array(text, { minLength: 1 }), (prefixes, paths) => {
        const index = new PrefixIndex(new Map(prefixes.map((prefix) => [prefix, prefix])))
        for (const path of paths) {
          const expected = prefixes.filter((prefix) => path.startsWith(prefix)).sort((a, b) => b.length - a.length)
          expect(found(index, path)).to.deep.equal(expected)
        }
      }),
      { seed: 20250101, numRuns: 1_000 },
    )
  })
})
