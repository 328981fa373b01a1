import { parsePhoneNumberFromString } from 'libphonenumber-js'

/** How a person can be reached, in the form in which every service keeps and compares it: the properties of a JSON Schema. */
export const contactFields = {
  name: { type: 'string', minLength: 2, maxLength: 200, format: 'single-line' },
  email: { type: 'string', maxLength: 254, format: 'email' },
  phoneNumber: { type: 'string', format: 'e164' },
} as const

const REGION = 'TH'

/** Brings a client's input into that form before it is validated; what is no text, and every other field, stays as it came. */
export function normaliseContact(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const normalised: Record<string, unknown> = { ...input }
  for (const [field, normalise] of Object.entries(normalisers)) {
    const value = normalised[field]
    if (typeof value === 'string') normalised[field] = normalise(value)
  }
  return normalised
}

const normalisers = {
  name: (text: string) => text.trim().normalize('NFC'),
  email: (text: string) => text.trim().toLowerCase(),
  phoneNumber: normalisePhoneNumber,
}

/** E.164; a number that nobody can have becomes the empty text, which the schema refuses. */
function normalisePhoneNumber(text: string): string {
  const number = parsePhoneNumberFromString(text, { defaultCountry: REGION, extract: false })
  return number?.isValid() && !number.ext ? number.number : ''
}
