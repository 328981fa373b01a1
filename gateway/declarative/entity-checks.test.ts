import { expect } from 'chai'
import { completeRecord } from './complete.ts'
import type { EntityCheck, Errors, FieldList } from './schema.ts'

const fields: FieldList = [
  { a: { type: 'string' } },
  { b: { type: 'string' } },
  { mode: { type: 'string', default: 'plain' } },
  { inner: { type: 'record', required: true, fields: [{ host: { type: 'string', referenceable: true } }] } },
]

function errors(check: EntityCheck, record: Record<string, unknown>): Errors | undefined {
  return completeRecord({ fields, entity_checks: [check] }, record).errors
}

describe('an entity check', () => {
  it('asks for at least one of several fields', () => {
    const check = { at_least_one_of: ['a', 'b'] }
    expect(errors(check, { b: 'x' })).to.equal(undefined)
    const message = "at least one of these fields must be non-empty: 'a', 'b'"
    expect(errors(check, {})).to.deep.equal({ '@entity': [message] })
  })

  it('asks for exactly one of several fields', () => {
    const check = { only_one_of: ['a', 'b'] }
    expect(errors(check, { a: 'x' })).to.equal(undefined)
    expect(errors(check, { a: 'x', b: 'y' })).to.have.property('@entity')
    expect(errors(check, {})).to.have.property('@entity')
  })

  it('asks for all of several fields or for none', () => {
    const check = { mutually_required: ['a', 'b'] }
    expect(errors(check, {})).to.equal(undefined)
    expect(errors(check, { a: 'x', b: 'y' })).to.equal(undefined)
    expect(errors(check, { a: 'x' })).to.have.property('@entity')
  })

  it('asks for distinct values', () => {
    const check = { distinct: ['a', 'b'] }
    expect(errors(check, { a: 'x' })).to.equal(undefined)
    expect(errors(check, { a: 'x', b: 'x' })).to.have.property('@entity')
  })

  const conditional: EntityCheck = {
    conditional: {
      if_field: 'mode',
      if_match: { eq: 'redis' },
      then_field: 'inner.host',
      then_match: { required: true },
    },
  }

  it('asks for a field, also within a record, when another has a value', () => {
    expect(errors(conditional, {})).to.equal(undefined)
    expect(errors(conditional, { mode: 'redis', inner: { host: 'h' } })).to.equal(undefined)
    expect(errors(conditional, { mode: 'redis' })).to.deep.equal({
      inner: { host: 'required field missing' },
      '@entity': ["failed conditional validation given value of field 'mode'"],
    })
  })

  it('takes a vault reference for a value', () => {
    expect(errors(conditional, { mode: 'redis', inner: { host: '{vault://env/host}' } })).to.equal(undefined)
  })

  it('of its own kind waits until its fields are sound, and may name a field', () => {
    const fn = ({ a }: { a: string }) => (a === 'bad' ? { a: 'is bad' } : undefined)
    const check: EntityCheck = { custom_entity_check: { field_sources: ['a'], fn } }
    expect(errors(check, { a: 5 })).to.deep.equal({ a: 'expected a string' })
    expect(errors(check, { a: 'bad' })).to.deep.equal({ a: 'is bad' })
    expect(errors(check, { a: 'good' })).to.equal(undefined)
  })
})
