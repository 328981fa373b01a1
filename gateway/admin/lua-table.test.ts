import { expect } from 'chai'
import { luaTable } from './lua-table.ts'

describe('luaTable', () => {
  it('writes nested errors, with positions where a place is left empty', () => {
    const errors = { services: [null, { 'a-b': 'is "wrong"' }], plugins: [{ config: { x: 'unknown field' } }] }
    const expected = '{services={[2]={["a-b"]="is \\"wrong\\""}},plugins={{config={x="unknown field"}}}}'
    expect(luaTable(errors)).to.equal(expected)
  })
})
