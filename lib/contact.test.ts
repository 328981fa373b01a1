import { expect } from 'chai'
import { contactFields, normaliseContact } from './contact.ts'
import { HttpError } from './errors.ts'
import { validator } from './schema.ts'

const validate = validator<{ name: string; email: string; phoneNumber: string }>({
  type: 'object',
  properties: contactFields,
  required: ['name', 'email', 'phoneNumber'],
  additionalProperties: false,
})
const valid = { name: 'Somchai Jaidee', email: 'somchai@example.com', phoneNumber: '+66812345678' }

describe('contact details', () => {
  for (const phoneNumber of ['0812345678', '081-234-5678', '+66 81 234 5678', '66812345678']) {
    it(`takes ${phoneNumber} for the one Thai number that it is`, () => {
      expect(accept({ ...valid, phoneNumber })).to.include({ phoneNumber: '+66812345678' })
    })
  }

  it('keeps a foreign number with its country code', () => {
    expect(accept({ ...valid, phoneNumber: '+1 202 555 0143' })).to.include({ phoneNumber: '+12025550143' })
  })

  for (const phoneNumber of ['12345', '081234567', '+6612345', '0812345678 ext 5', 'call 0812345678', '']) {
    it(`refuses ${JSON.stringify(phoneNumber)} as a phone number`, () => {
      expect(refusal({ ...valid, phoneNumber })).to.deep.equal([
        { field: 'phoneNumber', message: 'must be a valid phone number' },
      ])
    })
  }

  it('compares e-mail addresses in lower case and without surrounding spaces', () => {
    expect(accept({ ...valid, email: ' Somchai@Example.COM ' })).to.include({ email: 'somchai@example.com' })
  })

  for (const email of [
    'a@example.com\nBcc: b@example.com',
    'a@example.com, b@example.com',
    'a@b@c',
    `${'a'.repeat(250)}@b.co`,
  ]) {
    it(`refuses ${JSON.stringify(email.slice(0, 40))} as an e-mail address`, () => {
      expect(refusal({ ...valid, email }).map(({ field }) => field)).to.include('email')
    })
  }

  for (const name of ['สมชาย ใจดี', '👩‍👩‍👧‍👦 ครอบครัว', 'محمد علي', "<b>O'Brien</b>"]) {
    it(`accepts the name ${name}`, () => {
      expect(accept({ ...valid, name: `  ${name} ` })).to.include({ name })
    })
  }

  for (const name of ['x', '   x  ', 'a\r\nBcc: b@example.com', 'a\u2028b', 'x'.repeat(201)]) {
    it(`refuses ${JSON.stringify(name.slice(0, 30))} as a name`, () => {
      expect(refusal({ ...valid, name }).map(({ field }) => field)).to.deep.equal(['name'])
    })
  }

  it('leaves what is no text to the validation, and unknown fields to be refused', () => {
    expect(refusal({ ...valid, name: 7, role: 'admin' }).map(({ field }) => field)).to.have.members(['name', 'role'])
    expect(refusal(JSON.parse('{"__proto__": {"admin": true}}')).map(({ field }) => field)).to.include('__proto__')
    expect(refusal(null)).to.deep.equal([{ field: 'body', message: 'must be object' }])
  })
})

const accept = (input: unknown) => validate(normaliseContact(input))

function refusal(input: unknown) {
  try {
    accept(input)
  } catch (error) {
    if (error instanceof HttpError && error.errors) return error.errors
    throw error
  }
  throw new Error('was accepted')
}
