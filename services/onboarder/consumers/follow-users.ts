import { onEach } from '../../../lib/bus/consumer.ts'
import { confirmationSent } from '../../notifier/events.ts'
import {
  registrationRejected,
  type UserUpdated,
  userConfirmed,
  userCreated,
  userDeleted,
  userUpdated,
} from '../../users/events.ts'
import type { Ledger, RegistrationStatus } from '../ledger.ts'

/** A user's first version; `user.created` does not say it. */
const FIRST_VERSION = 1

/**
 * Keeps the ledger true to what became of registrations, and to users that came into being without one. Every step may
 * run twice and in any order across topics (`ledger/*.lua`).
 */
export const followUsers = (ledger: Ledger) => [
  onEach(userCreated, ({ data: user }) => ledger.settle(user.userID, 'created', { ...user, version: FIRST_VERSION })),
  onEach(registrationRejected, ({ data: { userID } }) => ledger.reject(userID)),
  onEach(confirmationSent, ({ data: { userID } }) => ledger.advance(userID, 'confirmation_sent')),
  onEach(userConfirmed, ({ data: { userID } }) => ledger.advance(userID, 'confirmed')),
  onEach(userUpdated, ({ data: user }) => ledger.settle(user.userID, reached(user), user)),
  onEach(userDeleted, ({ data: { userID } }) => ledger.remove(userID)),
]

/** Disabling says nothing of how far the registration had come; `created` never takes a step back. */
const reached = ({ status }: UserUpdated): RegistrationStatus => (status === 'disabled' ? 'created' : status)
