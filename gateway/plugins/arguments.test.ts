import { expect } from 'chai'
import { formatArguments, parseArguments } from './arguments.ts'

const parsed = (text: string | undefined) => [...parseArguments(text)]

describe('arguments', () => {
  it('are decoded, with + for a space, and keep escapes that are none', () => {
    expect(parsed('a=x+y%20z&%C3%BC=%zz%4')).to.deep.equal([
      ['a', ['x y z']],
      ['ü', ['%zz%4']],
    ])
  })

  it('keep several values of a name in order; a name alone is true, an empty value is not', () => {
    expect(parsed('b=1&a&b=2&c=&b')).to.deep.equal([
      ['b', ['1', '2', true]],
      ['a', [true]],
      ['c', ['']],
    ])
  })

  it('leave out what has no name, and everything behind the hundredth', () => {
    expect(parsed('&=1&&a=2')).to.deep.equal([['a', ['2']]])
    expect(parsed(undefined)).to.deep.equal([])
    expect(parsed('x=1&'.repeat(300))[0]?.[1]).to.have.length(100)
  })

  // kong/pdk/service/request.lua, make_ordered_args: `=` is behind the digits, and `%` before them.
  it('are written in the order of what is written', () => {
    expect(formatArguments(parseArguments('e=1&e2=2&1=3&%C3%A9=4'))).to.equal('%C3%A9=4&1=3&e2=2&e=1')
    expect(formatArguments(parseArguments("b=2&flag&a=x y&b=it's(*)!"))).to.equal("a=x%20y&b=2&b=it's(*)!&flag")
  })
})
