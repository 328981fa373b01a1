import type { Knex } from 'knex'

/** Takes the deliveries that nobody has sent or has in hand, for the lease's time, and gives back which. */
export async function claimDeliveries(db: Knex, eventIDs: string[], leaseSeconds: number): Promise<Set<string>> {
  const { rows } = await db.raw<{ rows: { event_id: string }[] }>(
    `insert into deliveries (event_id, claimed_until)
     select unnest(:eventIDs::uuid[]), now() + make_interval(secs => :leaseSeconds)
     on conflict (event_id) do update set claimed_until = excluded.claimed_until
     where deliveries.sent_at is null and deliveries.claimed_until < now()
     returning event_id`,
    { eventIDs, leaseSeconds },
  )
  return new Set(rows.map(({ event_id }) => event_id))
}

export const countUnsent = async (db: Knex, eventIDs: string[]): Promise<number> => {
  const [row] = await db('deliveries').whereIn('event_id', eventIDs).whereNull('sent_at').count<{ count: string }[]>()
  return Number(row?.count)
}

export const markSent = (trx: Knex, eventIDs: string[]) =>
  trx('deliveries').whereIn('event_id', eventIDs).update({ sent_at: trx.fn.now() })

/** Lets go of deliveries that did not succeed. */
export const releaseDeliveries = (trx: Knex, eventIDs: string[]) =>
  trx('deliveries').whereIn('event_id', eventIDs).delete()
