import { defineEvent } from '../../lib/bus/event.ts'

const userID = { type: 'string', format: 'uuid' } as const
const text = { type: 'string' } as const

export interface RegistrationRejected {
  userID: string
  /** Which unique value somebody else has, without the value: `email`, `phoneNumber` or `thaiID` is already registered. */
  reason: string
}

export interface UserCreated {
  userID: string
  name: string
  email: string
  phoneNumber: string
}

export interface UserConfirmed {
  userID: string
  email: string
}

/** Somebody asks for another confirmation link to an address, whoever's it is. */
export interface ConfirmationRequested {
  /** Of this request: there may be no user. */
  renewalID: string
  email: string
}

/** A user who waits for confirmation is to get another link, at the address as it is now. */
export interface ConfirmationRenewed {
  userID: string
  name: string
  email: string
}

export type UserStatus = 'created' | 'confirmation_sent' | 'confirmed' | 'disabled'

export interface UserUpdated extends UserCreated {
  status: UserStatus
  /** Grows by one with every change of the row. */
  version: number
}

/** Staff have put another address in the place of that of a member who had confirmed. */
export interface EmailChanged {
  userID: string
  formerEmail: string
}

export interface UserDeleted {
  userID: string
}

const profile = { userID, name: text, email: text, phoneNumber: text } as const
const key = (data: { userID: string }) => data.userID

export const registrationRejected = defineEvent<RegistrationRejected>()({
  type: 'user.registration.rejected',
  key,
  schema: { type: 'object', properties: { userID, reason: text }, required: ['userID', 'reason'] },
})

export const userCreated = defineEvent<UserCreated>()({
  type: 'user.created',
  key,
  schema: { type: 'object', properties: profile, required: ['userID', 'name', 'email', 'phoneNumber'] },
})

export const userConfirmed = defineEvent<UserConfirmed>()({
  type: 'user.confirmed',
  key,
  schema: { type: 'object', properties: { userID, email: text }, required: ['userID', 'email'] },
})

export const confirmationRequested = defineEvent<ConfirmationRequested>()({
  type: 'user.confirmation.requested',
  key: ({ renewalID }) => renewalID,
  schema: {
    type: 'object',
    properties: { renewalID: { type: 'string', format: 'uuid' }, email: text },
    required: ['renewalID', 'email'],
  },
})

export const confirmationRenewed = defineEvent<ConfirmationRenewed>()({
  type: 'user.confirmation.renewed',
  key,
  schema: {
    type: 'object',
    properties: { userID, name: text, email: text },
    required: ['userID', 'name', 'email'],
  },
})

export const userUpdated = defineEvent<UserUpdated>()({
  type: 'user.updated',
  key,
  schema: {
    type: 'object',
    properties: {
      ...profile,
      status: { type: 'string', enum: ['created', 'confirmation_sent', 'confirmed', 'disabled'] },
      version: { type: 'integer', minimum: 1 },
    },
    required: ['userID', 'name', 'email', 'phoneNumber', 'status', 'version'],
  },
})

export const emailChanged = defineEvent<EmailChanged>()({
  type: 'user.email.changed',
  key,
  schema: { type: 'object', properties: { userID, formerEmail: text }, required: ['userID', 'formerEmail'] },
})

export const userDeleted = defineEvent<UserDeleted>()({
  type: 'user.deleted',
  key,
  schema: { type: 'object', properties: { userID }, required: ['userID'] },
})
