import type { Knex } from 'knex'
import { on } from '../../../lib/bus/consumer.ts'
import { type Event, type EventDraft, type EventKind, stamp } from '../../../lib/bus/event.ts'
import { addStamped } from '../../../lib/bus/outbox.ts'
import { Unavailable } from '../../../lib/errors.ts'
import { withTrace } from '../../../lib/trace.ts'
import type { Mail, Mailer } from '../mailer.ts'
import { claimDeliveries, countUnsent, markSent, releaseDeliveries } from '../queries.ts'

interface Options<Data> {
  db: Knex
  mailer: Mailer
  write(event: Event<Data>): Mail | Promise<Mail>
  /** What to state once the mail is out, if anything. */
  sent?(data: Data): EventDraft
}

/** Longer than sending a batch takes when every answer comes at the last moment. */
const LEASE_SECONDS = 60

/**
 * Sends one mail for each event of a kind. A delivery is claimed before its mail is sent and marked as sent together with
 * what is stated of it, so that the same event twice sends one mail. Only a crash between the mail server's answer and that
 * commit sends it again, under the same Message-ID: SMTP knows no transaction that spans both.
 */
export function sendMails<Data>(kind: EventKind<string, Data>, { db, mailer, write, sent: caused }: Options<Data>) {
  /** Deliveries claimed here and not settled yet, and whether their mail is out: Postgres may go away in between. */
  const inHand = new Map<string, boolean>()

  return on<Data, undefined>(kind, async (events) => {
    const byID = new Map(events.map((event) => [event.id, event]))
    for (const id of await claimDeliveries(db, [...byID.keys()], LEASE_SECONDS)) inHand.set(id, false)
    const mine = [...byID.values()].filter(({ id }) => inHand.has(id))
    const failures = (await Promise.all(mine.map(send))).filter((error) => error !== undefined)
    await settle(mine)
    if (failures.length > 0) throw failures.find((error) => error instanceof Unavailable) ?? failures[0]
    if (mine.length < byID.size && (await countUnsent(db, [...byID.keys()])) > 0) {
      throw new Unavailable('The node that is sending these mails')
    }
    return []
  })

  async function send(event: Event<Data>): Promise<unknown> {
    if (inHand.get(event.id)) return undefined
    try {
      await mailer.send(await write(event))
      inHand.set(event.id, true)
    } catch (error) {
      return error
    }
  }

  async function settle(events: Event<Data>[]): Promise<void> {
    const sent = events.filter(({ id }) => inHand.get(id))
    const unsent = events.filter(({ id }) => !inHand.get(id))
    await db.transaction(async (trx) => {
      await markSent(trx, sent.map(idOf))
      if (unsent.length > 0) await releaseDeliveries(trx, unsent.map(idOf))
      if (caused)
        await addStamped(
          trx,
          sent.map((event) => withTrace(event, () => stamp(caused(event.data)))),
        )
    })
    for (const { id } of events) inHand.delete(id)
  }
}

const idOf = ({ id }: Event) => id
