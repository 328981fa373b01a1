import { expect } from 'chai'
import { safeNext } from './next.ts'

const ORIGIN = 'https://jade-palace.example'

describe('where a sign-in leads', () => {
  it('goes to a path of these pages', () => {
    expect(safeNext('/admin/members?page=2', ORIGIN)).to.equal('/admin/members?page=2')
  })

  it('never leaves these pages', () => {
    const elsewhere = [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      '/%2f/..//evil.example/..//x',
      '/.//evil.example',
      'javascript:alert(1)',
      'account',
      '',
      null,
    ]
    for (const next of elsewhere) {
      const path = safeNext(next, ORIGIN)
      expect(new URL(path, ORIGIN).origin, String(next)).to.equal(ORIGIN)
      expect(path, String(next)).to.match(/^\/(?![/\\])/)
    }
  })
})
