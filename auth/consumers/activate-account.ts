import type { Knex } from 'knex'
import { on } from '../../lib/bus/consumer.ts'
import { userConfirmed } from '../../services/users/events.ts'
import { confirm } from '../queries/accounts.ts'

/** Opens the accounts of those who have confirmed their address. */
export const activateAccount = on(userConfirmed, async (events, trx: Knex.Transaction) => {
  for (const { data } of events) await confirm(trx, { id: data.userID, email: data.email })
  return []
})
