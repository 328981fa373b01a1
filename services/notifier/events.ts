import { defineEvent } from '../../lib/bus/event.ts'

export interface ConfirmationSent {
  userID: string
  email: string
}

export const confirmationSent = defineEvent<ConfirmationSent>()({
  type: 'user.confirmation.sent',
  key: ({ userID }) => userID,
  schema: {
    type: 'object',
    properties: { userID: { type: 'string', format: 'uuid' }, email: { type: 'string' } },
    required: ['userID', 'email'],
  },
})
