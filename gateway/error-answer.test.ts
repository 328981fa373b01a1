import { expect } from 'chai'
import { formatFor, renderError } from './error-answer.ts'

describe('error answers', () => {
  for (const [accept, format] of [
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['text/html', 'html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
    ['text/*', 'plain'],
    ['text/plain;q=0.5, application/xml', 'xml'],
    ['image/png', 'json'],
    ['text/html;q=0', 'json'],
    ['text/html; charset=utf-8', 'html'],
    ['Text/Html', 'json'],
    ['application/json;q=0.1, text/plain;q=0.2', 'plain'],
  ] as const)
    it(`are ${format} for Accept: ${accept}`, () => {
      expect(formatFor(accept)).to.equal(format)
    })

  it('escape what stands in their message', () => {
    expect(JSON.parse(renderError('json', 'id', 400, 'a "b"\n').body)).to.deep.equal({
      message: 'a "b"\n',
      request_id: 'id',
    })
    expect(renderError('html', 'id', 400, '<script>').body).not.to.include('<script>')
    expect(renderError('xml', 'id', 400, 'a & b').body).to.include('a &#38; b')
  })

  it('say what Kong says of a status when nobody says more', () => {
    expect(renderError('plain', 'id', 404).body).to.equal('Not found\nrequest_id: id\n')
    expect(renderError('plain', 'id', 599).body).to.equal('The upstream server responded with 599\nrequest_id: id\n')
  })
})
