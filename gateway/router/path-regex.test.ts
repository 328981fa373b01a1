import { expect } from 'chai'
import type { Regex } from '../regex/linear-regex.ts'
import { compilePathRegex } from './path-regex.ts'

describe('a route regex', () => {
  const prefixes: [source: string, prefix: string, rule: string][] = [
    ['/users/\\d+', '/users/', 'ends before an escape'],
    ['/files?/x', '/file', 'gives up what may be absent'],
    ['/a\\.b/[c]', '/a.b/', 'takes escaped punctuation as it is'],
    ['/a|/b', '', 'knows nothing of alternatives'],
    ['(?i)/a', '', 'knows nothing where case does not count'],
    ['/plain$', '/plain', 'ends before an anchor'],
    ['/ab+/x', '/a', 'leaves what may be repeated to the regex'],
    ['/a/(b|c)$', '/a/', 'ends before a group, whatever alternatives are in it'],
  ]
  for (const [source, prefix, rule] of prefixes) {
    it(`begins with text that ${rule}`, () => expect(compilePathRegex(source).prefix).to.equal(prefix))
  }

  it('is anchored at the start only', () => {
    expect(compilePathRegex('/a\\d').exec('/a1/more')?.matched).to.equal('/a1')
    expect(compilePathRegex('/a\\d').exec('/x/a1')).to.equal(undefined)
  })

  it('may be written as Rust writes it', () => {
    expect(compilePathRegex('/(?P<id>[[:alpha:]_\\-]+)\\z').exec('/ab_-')?.captures.id).to.equal('ab_-')
    expect(compilePathRegex('(?i)/ABC').exec('/abc')?.matched).to.equal('/abc')
    expect(compilePathRegex('/\\_\\x{61}]').exec('/_a]')?.matched).to.equal('/_a]')
  })

  it('takes its literal beginning for part of what has matched', () => {
    const found = compilePathRegex('/a/(\\w+)/(?<id>\\d+)').exec('/a/b/12/more')
    expect(found).to.include({ matched: '/a/b/12' })
    expect([...(found?.groups ?? [])]).to.deep.equal(['/a/b/12', 'b', '12'])
    expect(found?.captures.id).to.equal('12')
    expect(compilePathRegex('/a\\d').exec('/x/a1')).to.equal(undefined)
  })

  it('is its own where another ends in the same way', () => {
    const shared = new Map<string, Regex>()
    const [a, b] = ['/a/(\\d+)$', '/longer/(\\d+)$'].map((source) => compilePathRegex(source, shared))
    expect(a?.exec('/a/1')?.matched).to.equal('/a/1')
    expect(b?.exec('/longer/2')?.matched).to.equal('/longer/2')
    expect(a?.exec('/a/x')).to.equal(undefined)
    expect(a?.exec('/a/3')?.matched).to.equal('/a/3')
    expect(shared.size).to.equal(1)
  })

  it('may leave letter case aside from its middle on', () => {
    expect(compilePathRegex('/a(?i)/b').exec('/a/B')?.matched).to.equal('/a/B')
    expect(compilePathRegex('/a(?i)/b').exec('/A/b')).to.equal(undefined)
  })

  for (const source of ['/a(?!b)', '/(?<=a)b', '/(a)\\1', '/(', '/a**']) {
    it(`cannot be ${source}`, () => expect(() => compilePathRegex(source)).to.throw(SyntaxError))
  }
})
