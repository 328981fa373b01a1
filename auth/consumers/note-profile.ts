import type { Knex } from 'knex'
import { on } from '../../lib/bus/consumer.ts'
import { userCreated } from '../../services/users/events.ts'
import { saveProfile } from '../queries/profiles.ts'

/** What a member's apps may be told, from the beginning; `user.updated` tells every later version. */
export const noteProfile = on(userCreated, async (events, trx: Knex.Transaction) => {
  for (const { data } of events) {
    const { userID: accountID, name, phoneNumber } = data
    await saveProfile(trx, { accountID, name, phoneNumber, version: 0 })
  }
  return []
})
