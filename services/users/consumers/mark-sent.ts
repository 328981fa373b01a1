import type { Knex } from 'knex'
import { on } from '../../../lib/bus/consumer.ts'
import { type ConfirmationSent, confirmationSent } from '../../notifier/events.ts'
import { markConfirmationSent } from '../queries.ts'

export const markSent = on<ConfirmationSent, Knex.Transaction>(confirmationSent, async (events, trx) => {
  await markConfirmationSent(
    trx,
    events.map(({ data }) => data.userID),
  )
  return []
})
