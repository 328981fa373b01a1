import { contactFields, normaliseContact } from '../../lib/contact.ts'
import { validator } from '../../lib/schema.ts'
import type { UserStatus } from './events.ts'
import { type Changes, STATUSES } from './user.ts'

type Contact = Required<Pick<Changes, 'name' | 'email' | 'phoneNumber'>>

const contact = ['name', 'email', 'phoneNumber'] as const
const status = { type: 'string', enum: STATUSES } as const

export type NewUser = Contact & { thaiID?: string }

const validateNew: (body: unknown) => NewUser = validator<Required<NewUser>>({
  type: 'object',
  properties: { ...contactFields, thaiID: { type: 'string', format: 'thai-id' } },
  required: contact,
  additionalProperties: false,
})

const whole = { type: 'object', properties: { ...contactFields, status }, additionalProperties: false } as const
type Whole = Contact & { status: UserStatus }
const validateReplacement = validator<Whole>({ ...whole, required: contact })
const validateChanges = validator<Whole>({ ...whole, required: [], minProperties: 1 })

/** A member as staff enters one. */
export const readNewUser = (body: unknown): NewUser => validateNew(normaliseContact(body))

/** All that staff may set; a status that is left out stays. */
export const readReplacement = (body: unknown): Contact & Changes => validateReplacement(normaliseContact(body))

export const readChanges = (body: unknown): Changes => validateChanges(normaliseContact(body))
