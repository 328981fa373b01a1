import type { Knex } from 'knex'
import { on } from '../../lib/bus/consumer.ts'
import { userUpdated } from '../../services/users/events.ts'
import { followUser as takeOver } from '../queries/accounts.ts'
import { endAudited } from '../sign-out.ts'

/** An account goes by its user's address, and is closed, sessions and all, while the user is disabled. */
export const followUser = on(userUpdated, async (events, trx: Knex.Transaction) => {
  for (const { data } of events) {
    const { userID: id, email, version, status } = data
    const disabled = status === 'disabled'
    const isNews = await takeOver(trx, { id, email, version, confirmed: status === 'confirmed', disabled })
    if (isNews && disabled) await endAudited(trx, { accountID: id })
  }
  return []
})
