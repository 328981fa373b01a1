import { expect } from 'chai'
import { HeaderList } from './header-list.ts'

const NONE = new Set<string>()

describe('HeaderList', () => {
  it('keeps order, spelling and repeated lines', () => {
    const fields = new HeaderList()
    for (const [name, value] of [
      ['X-One', '1'],
      ['x-two', 'a'],
      ['X-Two', 'b'],
    ] as const)
      fields.append(name, value)
    expect(fields.linesWithout(NONE)).to.equal('X-One: 1\r\nx-two: a\r\nX-Two: b\r\n')
    expect(fields.linesWithout(new Set(['x-two']))).to.equal('X-One: 1\r\n')
  })

  it('replaces every line of a field that is set', () => {
    const fields = new HeaderList()
    for (const value of ['a', 'b', 'c']) fields.append('X', value)
    fields.set('x', 'd')
    expect(fields.linesWithout(NONE)).to.equal('x: d\r\n')
  })

  it('removes every line of a field', () => {
    const fields = new HeaderList()
    for (const name of ['X', 'Y', 'x']) fields.append(name, '1')
    fields.delete('x')
    expect(fields.keys).to.deep.equal(['y'])
  })

  it('lets no value begin a line of its own', () => {
    const fields = new HeaderList()
    fields.set('X', 'a\r\nX-User-Id: 1')
    fields.append('Y', 'b\0\n')
    expect(fields.linesWithout(NONE)).to.equal('X: a%0D%0AX-User-Id: 1\r\nY: b%00%0A\r\n')
  })

  it('sends characters beyond one byte as UTF-8, so that none turns into a line break', () => {
    const fields = new HeaderList()
    fields.set('X', 'สม\u010a')
    expect(Buffer.from(fields.linesWithout(NONE), 'latin1').toString('utf8')).to.equal('X: สม\u010a\r\n')
  })
})
