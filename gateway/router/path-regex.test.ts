import { expect } from 'chai'
import { compilePathRegex } from './path-regex.ts'

describe('a route regex', () => {
  const prefixes: [source: string, prefix: string, rule: string][] = [
    ['/users/\\d+', '/users/', 'ends before an escape'],
    ['/files?/x', '/file', 'gives up what may be absent'],
    ['/a\\.b/[c]', '/a.b/', 'takes escaped punctuation as it is'],
    ['/a|/b', '', 'knows nothing of alternatives'],
    ['(?i)/a', '', 'knows nothing where case does not count'],
    ['/plain$', '/plain', 'ends before an anchor'],
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

  for (const source of ['/a(?!b)', '/(?<=a)b', '/(a)\\1', '/(', '/a**']) {
    it(`cannot be ${source}`, () => expect(() => compilePathRegex(source)).to.throw(SyntaxError))
  }
})
