import { onEach } from '../../../lib/bus/consumer.ts'
import { confirmationSent } from '../../notifier/events.ts'
import { userConfirmed, userCreated, userDeleted, userUpdated } from '../../users/events.ts'
import type { UserCache } from '../user-cache.ts'

/** A user's first version; `user.created` does not say it. */
const FIRST_VERSION = 1

/** Keeps the cached users up to date. Every step may run twice and in any order across topics (`user-cache/apply.lua`). */
export const updateUsers = (cache: UserCache) => [
  onEach(userCreated, (event) => cache.profile(event, { status: 'created', version: FIRST_VERSION })),
  onEach(confirmationSent, (event) => cache.status(event, 'confirmation_sent')),
  onEach(userConfirmed, (event) => cache.status(event, 'confirmed')),
  onEach(userUpdated, (event) => cache.profile(event, event.data)),
  onEach(userDeleted, (event) => cache.remove(event)),
]
