import { defineEvent } from '../../lib/bus/event.ts'

export interface RegistrationRequest {
  userID: string
  name: string
  email: string
  /** E.164. */
  phoneNumber: string
  /** Sealed (lib/seal.ts) under THAI_ID_KEY with the userID as context. */
  thaiID?: string
}

/** Also stated by auth, for accounts that begin with a password. */
export const registrationRequested = defineEvent<RegistrationRequest>()({
  type: 'user.registration.request',
  key: ({ userID }) => userID,
  schema: {
    type: 'object',
    properties: {
      userID: { type: 'string', format: 'uuid' },
      name: { type: 'string', minLength: 2, maxLength: 200 },
      email: { type: 'string', format: 'email', maxLength: 254 },
      phoneNumber: { type: 'string', pattern: '^\\+[1-9][0-9]{6,14}$' },
      thaiID: { type: 'string', nullable: true, maxLength: 256 },
    },
    required: ['userID', 'name', 'email', 'phoneNumber'],
  },
})
