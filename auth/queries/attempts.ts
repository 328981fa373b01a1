import type { Knex } from 'knex'

/** An attempt that is being judged: what it counts against, and when it began, by which it is found again. */
export interface Attempt {
  subject: string
  at: string
}

const RECENT = `interval '15 minutes'`
/** Longer than a judgement takes: after that whoever was judging must have died. */
const JUDGING = `interval '30 seconds'`
/** For a minute the first time and twice as long each further time. */
const LOCK = `least(interval '1 minute' * power(2, least(a.locks, 10)), interval '1 hour')`
/** Failures from before a lock no longer count after it. */
const COUNTS = `failure >= greatest(now() - ${RECENT}, a.locked_until)`

/**
 * Notes an attempt against each subject that is not locked and has room for it: failures within 15 minutes and attempts
 * being judged are fewer than `most` together. It has a name, as each statement of a login has: so Postgres plans it once a
 * connection instead of every time.
 */
export async function beginAttempt(db: Knex, subjects: string[], most: number): Promise<Attempt[]> {
  const { rows } = await db
    .raw(
      `insert into attempts as a (subject, failed_at, judging)
     select subject, '{}', array[now()] from unnest(cast(:subjects as text[])) subject order by 1
     on conflict (subject) do update set judging = (
       select array_agg(began order by began) || greatest(now(), max(began) + interval '1 microsecond')
       from unnest(a.judging) began where began > now() - ${JUDGING}
     )
     where a.locked_until <= now() and :most >
       (select count(*) from unnest(a.failed_at) failure where ${COUNTS})
       + (select count(*) from unnest(a.judging) began where began > now() - ${JUDGING})
     returning subject, judging[cardinality(judging)]::text as at`,
      { subjects, most },
    )
    .options({ name: 'begin attempt' })
  return rows
}

/**
 * Ends attempts that have failed; the one that makes `most` within 15 minutes locks its subject. Gives the subjects for which
 * that is the first lock of a series.
 */
export async function failAttempt(db: Knex, attempts: Attempt[], most: number): Promise<string[]> {
  const { rows } = await db.raw(
    `with failed as (
     insert into attempts as a (subject, failed_at)
     select subject, array[at] from ${ATTEMPTS} order by 1
     on conflict (subject) do update set (failed_at, judging, locked_until, locks) = (
       select recent,
              array_remove(a.judging, excluded.failed_at[1]),
              case when cardinality(recent) < :most then a.locked_until else now() + ${LOCK} end,
              a.locks + (cardinality(recent) >= :most)::integer
       from (
         select coalesce(array_agg(failure), '{}') as recent from unnest(a.failed_at || excluded.failed_at) failure
         where ${COUNTS}
       ) as counted
     )
     returning subject, failed_at, locks
     )
     select subject from failed where locks = 1 and cardinality(failed_at) >= :most`,
    { ...columnsOf(attempts), most },
  )
  return rows.map(({ subject }: Pick<Attempt, 'subject'>) => subject)
}

/** Ends attempts that have not failed; `cleared` is the subject whose failures are forgotten with that. */
export async function endAttempt(db: Knex, attempts: Attempt[], cleared?: string): Promise<void> {
  await db
    .raw(
      `with ended as (
       select a.subject, at from attempts a join ${ATTEMPTS} using (subject) order by a.subject for update of a
     )
     update attempts a set
       judging = array_remove(judging, at),
       failed_at = case when a.subject = :cleared then '{}' else failed_at end,
       locks = case when a.subject = :cleared then 0 else locks end
     from ended where a.subject = ended.subject`,
      { ...columnsOf(attempts), cleared: cleared ?? null },
    )
    .options({ name: 'end attempt' })
}

const ATTEMPTS = 'unnest(cast(:subjects as text[]), cast(:times as timestamptz[])) as attempt (subject, at)'

const columnsOf = (attempts: Attempt[]) => ({
  subjects: attempts.map(({ subject }) => subject),
  times: attempts.map(({ at }) => at),
})

/** Unlocks as well. */
export async function forgetAttempts(db: Knex, subjects: string[]): Promise<void> {
  await db('attempts').whereIn('subject', subjects).delete()
}

export interface Lock {
  until: Date
  seconds: number
}

/** The longest lock on these subjects; undefined where there is none. */
export const findLock = (db: Knex, subjects: string[]): Promise<Lock | undefined> =>
  db('attempts')
    .whereIn('subject', subjects)
    .where('locked_until', '>', db.fn.now())
    .orderBy('locked_until', 'desc')
    .first({ until: 'locked_until', seconds: db.raw('ceil(extract(epoch from locked_until - now()))::integer') })
