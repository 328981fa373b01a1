import type { JSONSchemaType } from 'ajv'
import { normaliseContact } from '../lib/contact.ts'
import { invalidInput } from '../lib/errors.ts'
import { compile } from '../lib/schema.ts'
import type { PasswordPolicy } from './password-policy.ts'

interface Credentials {
  email: string
  password: string
}

/** Reads input that brings a new password; its schema and the policy on passwords are judged together, so that every bad field is named at once. */
export function readerOfCredentials<T extends Credentials>(
  schema: JSONSchemaType<T>,
  policy: PasswordPolicy,
): (body: unknown) => T {
  const check = compile(schema)
  return function read(body) {
    const input = normaliseContact(body)
    const result = check(input)
    const errors = 'errors' in result ? result.errors : []
    const { email, password } = (input ?? {}) as Partial<Record<keyof Credentials, unknown>>
    if (typeof password === 'string') {
      const message = policy(password, typeof email === 'string' ? email : '')
      if (message) errors.push({ field: 'password', message })
    }
    if ('errors' in result || errors.length > 0) throw invalidInput(errors)
    return result.value
  }
}
