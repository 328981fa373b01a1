import type { Knex } from 'knex'
import { on } from '../../lib/bus/consumer.ts'
import { registrationRejected } from '../../services/users/events.ts'
import { dropPending } from '../queries/accounts.ts'

/** `users` refused the registration, so its account, which never opened, gives the address free again. */
export const dropAccount = on(registrationRejected, async (events, trx: Knex.Transaction) => {
  const ids = events.map(({ data }) => data.userID)
  await dropPending(trx, ids)
  return []
})
