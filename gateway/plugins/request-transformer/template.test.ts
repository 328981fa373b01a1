import { expect } from 'chai'
import { compileTemplate, type TemplateScope } from './template.ts'

const scope: TemplateScope = {
  headers: new Map([
    ['user-agent', 'test/1'],
    ['x-empty', ''],
  ]),
  query_params: new Map<string, string | true>([
    ['q', 'abc'],
    ['flag', true],
  ]),
  uri_captures: new Map([
    ['id', '42'],
    ['1', '42'],
  ]),
}

describe('templates', () => {
  for (const [template, text] of [
    ['plain $ text (with) brackets', 'plain $ text (with) brackets'],
    ['$(uri_captures.id)-$(uri_captures[1])', '42-42'],
    ['$( headers["User-Agent"] )', 'test/1'],
    ["$(headers['x-none'] or 'none')", 'none'],
    ['$(headers["x-empty"] or "none")', ''],
    ['$(query_params.q and "yes" or "no")', 'yes'],
    ['$(not query_params.q)', 'false'],
    ['$(query_params.flag)', 'true'],
    ['$(("a" .. query_params.q) .. 1)', 'aabc1'],
    ['$(nil)', ''],
    ['$("quoted \\"x\\" )")', 'quoted "x" )'],
  ] as const)
    it(`renders ${template}`, () => {
      expect(compileTemplate(template)(scope)).to.equal(text)
    })

  for (const template of ['$(', '$()', '$(headers', '$(os.exit())', '$(1 + 1)', '$(headers.a = 1)', '$("a)', '$(q)'])
    it(`refuses ${template}`, () => {
      expect(() => compileTemplate(template)).to.throw(SyntaxError)
    })

  it('takes indexing of nothing for an error, as Lua does', () => {
    expect(() => compileTemplate('$(headers.a.b)')(scope)).to.throw(TypeError)
  })
})
