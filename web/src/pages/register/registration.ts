import { normaliseContact } from '../../../../lib/contact.ts'
import { isThaiID } from '../../../../lib/thai-id.ts'

export interface Registration {
  name: string
  email: string
  phoneNumber: string
  thaiID: string
}

export const FIELDS = ['name', 'email', 'phoneNumber', 'thaiID'] as const
export type Field = (typeof FIELDS)[number]

/** What the server would say of a field; it has the last word. */
export function isValid(field: Field, text: string): boolean {
  if (field === 'thaiID') return text === '' || isThaiID(text)
  const value = (normaliseContact({ [field]: text }) as Registration)[field]
  if (field === 'name') return value.length >= 2 && value.length <= 200
  if (field === 'email') return value.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
  return value !== ''
}
