import { defineEvent } from '../lib/bus/event.ts'

export interface PasswordResetRequested {
  userID: string
  email: string
  /** The secret in the link is made of it (lib/password-reset-token.ts). */
  resetID: string
}

/** What the owner of an account should hear of, so that it cannot happen behind their back. */
const NOTED = [
  'password_changed',
  'second_factor_enabled',
  'second_factor_disabled',
  'backup_codes_renewed',
  'sign_in_locked',
  'registered_again',
] as const
export type Noted = (typeof NOTED)[number]

export interface SecurityNoted {
  userID: string
  email: string
  noted: Noted
}

const id = { type: 'string', format: 'uuid' } as const
const key = (data: { userID: string }) => data.userID

export const passwordResetRequested = defineEvent<PasswordResetRequested>()({
  type: 'account.password.reset.requested',
  key,
  schema: {
    type: 'object',
    properties: { userID: id, email: { type: 'string' }, resetID: id },
    required: ['userID', 'email', 'resetID'],
  },
})

export const securityNoted = defineEvent<SecurityNoted>()({
  type: 'account.security.noted',
  key,
  schema: {
    type: 'object',
    properties: {
      userID: id,
      email: { type: 'string' },
      noted: { type: 'string', enum: NOTED },
    },
    required: ['userID', 'email', 'noted'],
  },
})
