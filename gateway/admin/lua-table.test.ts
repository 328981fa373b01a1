import { expect } from 'chai'
import { luaTable } from './lua-table.ts'

describe('luaTable', () => {
  it('writes nested errors, with positions where a place is left empty', () => {
    const errors = { services: [null, { 'a-b': 'is "wrong"' }], plugins: [{ config: { x: 'unknown field' } }] }
    const expected = '{plugins={{config={x="unknown field"}}},services={[2]={["a-b"]="is \\"wrong\\""}}}'
    expect(luaTable(errors)).to.equal(expected)
  })

  it('writes what identifies an entity, in the order of its keys', () => {
    expect(luaTable({ name: 'cors', consumer: null, service: { id: 'x' } })).to.equal(
      '{consumer=null,name="cors",service={id="x"}}',
    )
  })

  it('gives every entry its own line where asked to', () => {
    expect(luaTable({ a: { b: 'wrong' } }, '')).to.equal('{\n  a = {\n    b = "wrong"\n  }\n}')
  })
})
