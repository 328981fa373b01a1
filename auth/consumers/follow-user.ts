import type { Knex } from 'knex'
import { on } from '../../lib/bus/consumer.ts'
import { userUpdated } from '../../services/users/events.ts'
import { followUser as takeOver } from '../queries/accounts.ts'
import { deletePasswordResets } from '../queries/password-resets.ts'
import { saveProfile } from '../queries/profiles.ts'
import { endAudited } from '../sign-out.ts'

/** An account goes by its user's address, and is closed, sessions and all, while the user is disabled. */
export const followUser = on(userUpdated, async (events, trx: Knex.Transaction) => {
  for (const { data } of events) {
    const { userID: id, email, name, phoneNumber, version, status } = data
    const disabled = status === 'disabled'
    const isNews = await takeOver(trx, { id, email, version, confirmed: status === 'confirmed', disabled })
    await saveProfile(trx, { accountID: id, name, phoneNumber, version })
    // A link that was mailed to a former address opens nothing.
    if (isNews) await deletePasswordResets(trx, id)
    if (isNews && disabled) await endAudited(trx, { accountID: id })
  }
  return []
})
