import type { Knex } from 'knex'
import { on } from '../../../lib/bus/consumer.ts'
import type { EventDraft } from '../../../lib/bus/event.ts'
import { type ConfirmationRequested, confirmationRenewed, confirmationRequested } from '../events.ts'
import { renewConfirmation as renew } from '../queries.ts'
import { toRenewed } from '../user.ts'

/** Links that were mailed to the same address before stay good: mails overtake one another, and whichever is opened first confirms. */
export const renewConfirmation = on<ConfirmationRequested, Knex.Transaction>(
  confirmationRequested,
  async (events, trx) => {
    const renewed: EventDraft[] = []
    for (const { data } of events) {
      const user = await renew(trx, data.email)
      if (user) renewed.push(confirmationRenewed.of(toRenewed(user)))
    }
    return renewed
  },
)
