import type { Knex } from 'knex'
import { on } from '../../../lib/bus/consumer.ts'
import { type Event, stamp } from '../../../lib/bus/event.ts'
import { addStamped } from '../../../lib/bus/outbox.ts'
import { Unavailable } from '../../../lib/errors.ts'
import { withTrace } from '../../../lib/trace.ts'
import { type UserCreated, userCreated } from '../../users/events.ts'

import { confirmationSent } from '../events.ts'
import type { Mail, Mailer } from '../mailer.ts'
import { claimDeliveries, countUnsent, markSent, releaseDeliveries } from '../queries.ts'

interface Options {
  db: Knex
  mailer: Mailer
  write(event: Event<UserCreated>): Promise<Mail>
}

/** Longer than sending a batch takes when every answer comes at the last moment. */
const LEASE_SECONDS = 60

/**
 * Sends each new member one mail with the confirmation link. A delivery is claimed before its mail is sent and marked as
 * sent together with the event that says so, so that the same event twice sends one mail. Only who dies between the
 * mail server's answer and that commit sends twice, under one Message-ID: SMTP knows no transaction that spans both.
 */
export const sendConfirmations = ({ db, mailer, write }: Options) =>
  on<UserCreated, undefined>(userCreated, async (events) => {
    const byID = new Map(events.map((event) => [event.id, event]))
    const claimed = await claimDeliveries(db, [...byID.keys()], LEASE_SECONDS)
    const outcomes = await Promise.all(
      [...byID.values()]
        .filter(({ id }) => claimed.has(id))
        .map(async (event) => ({ event, error: await trySend(event) })),
    )
    const sent = outcomes.filter(({ error }) => error === undefined).map(({ event }) => event)
    const failed = outcomes.filter(({ error }) => error !== undefined)
    await db.transaction(async (trx) => {
      await markSent(
        trx,
        sent.map(({ id }) => id),
      )
      await releaseDeliveries(
        trx,
        failed.map(({ event }) => event.id),
      )
      await addStamped(trx, sent.map(toConfirmationSent))
    })
    const worst = failed.find(({ error }) => error instanceof Unavailable) ?? failed[0]
    if (worst) throw worst.error
    if (await countUnsent(db, [...byID.keys()])) throw new Unavailable('The node that has these mails in hand')
    return []

    async function trySend(event: Event<UserCreated>): Promise<unknown> {
      try {
        await mailer.send(await write(event))
      } catch (error) {
        return error
      }
    }
  })

const toConfirmationSent = (event: Event<UserCreated>) => {
  const { userID, email } = event.data
  return withTrace(event, () => stamp(confirmationSent.of({ userID, email })))
}
