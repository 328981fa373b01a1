import type { Knex } from 'knex'

/**
 * Counts one attempt against each subject, all or none: a subject that is locked counts nothing. The attempt that makes
 * `most` within 15 minutes locks its subject, for a minute the first time and twice as long each further time, up to an
 * hour. Attempts from before a lock no longer count after it.
 */
export async function countAttempt(
  trx: Knex,
  subjects: string[],
  most: number,
): Promise<{ subject: string; at: string }[]> {
  const { rows } = await trx.raw(
    `insert into attempts as a (subject, failed_at)
     select subject, array[now()] from unnest(cast(:subjects as text[])) subject order by 1
     on conflict (subject) do update set (failed_at, locked_until, locks) = (
       select recent,
              case when cardinality(recent) < :most then a.locked_until
                   else now() + least(interval '1 minute' * power(2, least(a.locks, 10)), interval '1 hour') end,
              a.locks + (cardinality(recent) >= :most)::integer
       from (
         select array_agg(attempt) as recent from unnest(a.failed_at || now()) attempt
         where attempt >= greatest(now() - interval '15 minutes', a.locked_until)
       ) as counted
     )
     where a.locked_until <= now()
     returning subject, now()::text as at`,
    { subjects, most },
  )
  return rows
}

/** Takes an attempt back that turned out right or was never judged; with it the lock that it made. */
export async function takeAttemptBack(db: Knex, subject: string, at: string, most: number): Promise<void> {
  const left = 'array_remove(failed_at, cast(:at as timestamptz))'
  const unlocks = `(locked_until > now() and cardinality(${left}) < :most)`
  await db.raw(
    `update attempts set
       failed_at = ${left},
       locked_until = case when ${unlocks} then '-infinity' else locked_until end,
       locks = locks - ${unlocks}::integer
     where subject = :subject`,
    { subject, at, most },
  )
}

export async function forgetAttempts(db: Knex, subject: string): Promise<void> {
  await db('attempts').where({ subject }).delete()
}

export async function secondsUntilUnlocked(db: Knex, subjects: string[]): Promise<number> {
  const row = await db('attempts')
    .whereIn('subject', subjects)
    .first(db.raw('ceil(extract(epoch from max(locked_until) - now()))::integer as seconds'))
  return Math.max(row?.seconds ?? 1, 1)
}
