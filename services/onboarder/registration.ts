import { contactFields, normaliseContact } from '../../lib/contact.ts'
import { validator } from '../../lib/schema.ts'

export interface Registration {
  name: string
  email: string
  /** E.164. */
  phoneNumber: string
  thaiID?: string | null
}

const validate = validator<Registration>({
  type: 'object',
  properties: { ...contactFields, thaiID: { type: 'string', format: 'thai-id', nullable: true } },
  required: ['name', 'email', 'phoneNumber'],
  additionalProperties: false,
})

/** Reads a client's registration, its contact details in the form in which every service keeps them. */
export const readRegistration = (body: unknown): Registration => validate(normaliseContact(body))
