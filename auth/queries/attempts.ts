import type { Knex } from 'knex'
import { ACCOUNT, type Account } from './accounts.ts'

/** An attempt that is being judged: what it counts against, and when it began, by which it is found again. */
export interface Attempt {
  subject: string
  at: string
}

/** What there is to do as an attempt ends that has not failed. */
export interface Ending {
  attempts: Attempt[]
  /** The subject whose failures are forgotten with that: the attempt was right. */
  cleared?: string
}

const RECENT = `interval '15 minutes'`
/** Longer than a judgement takes: after that whoever was judging must have died. */
const JUDGING = `interval '30 seconds'`
/** For a minute the first time and twice as long each further time. */
const LOCK = `least(interval '1 minute' * power(2, least(a.locks, 10)), interval '1 hour')`
/** Failures from before a lock no longer count after it. */
const COUNTS = `failure >= greatest(now() - ${RECENT}, a.locked_until)`

const ATTEMPTS = 'unnest(cast(:subjects as text[]), cast(:times as timestamptz[])) as attempt (subject, at)'

/**
 * Notes an attempt against each subject that is not locked and has room for it: failures within 15 minutes and attempts
 * being judged are fewer than `most` together. Reads the account that has `email` along with it. The commit does not wait for
 * the disk: where Postgres crashes, an attempt may be lost while it is judged, but no failure, which `failAttempt` writes.
 * It has a name, as each statement of a login has: so Postgres plans it once a connection instead of every time.
 */
export async function beginAttempt(
  db: Knex,
  { subjects, most, email }: { subjects: string[]; most: number; email?: string | undefined },
): Promise<{ attempts: Attempt[]; account: Account | undefined }> {
  const { rows } = await db
    .raw(
      `with begun as (
       insert into attempts as a (subject, failed_at, judging)
       select subject, '{}', array[now()]
       from unnest(cast(:subjects as text[])) subject, set_config('synchronous_commit', 'off', true)
       order by 1
       on conflict (subject) do update set judging = (
         select array_agg(began order by began) || greatest(now(), max(began) + interval '1 microsecond')
         from unnest(a.judging) began where began > now() - ${JUDGING}
       )
       where a.locked_until <= now() and :most >
         (select count(*) from unnest(a.failed_at) failure where ${COUNTS})
         + (select count(*) from unnest(a.judging) began where began > now() - ${JUDGING})
       returning subject, judging[cardinality(judging)]::text as at
     )
     select begun.*, account.*
     from begun left join (select ${ACCOUNT} from accounts where email = :email) account on true`,
      { subjects, most, email: email?.toLowerCase() ?? null },
    )
    .options({ name: 'begin attempt' })
  return { attempts: rows, account: rows[0]?.id ? rows[0] : undefined }
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

/**
 * Ends attempts that have not failed, alone or as part of a statement that does more; `endingColumns` gives its bindings. As an
 * insert it finds each row by its key and in order, whatever the planner takes the table for. A subject that was forgotten
 * meanwhile comes back with this attempt, which is over in half a minute.
 */
export const END_ATTEMPT = `
  insert into attempts as a (subject, failed_at, judging)
  select subject, '{}', array[at] from ${ATTEMPTS} order by 1
  on conflict (subject) do update set
    judging = array_remove(a.judging, excluded.judging[1]),
    failed_at = case when a.subject = :cleared then '{}' else a.failed_at end,
    locks = case when a.subject = :cleared then 0 else a.locks end`

export const endingColumns = ({ attempts, cleared }: Ending) => ({ ...columnsOf(attempts), cleared: cleared ?? null })

export async function endAttempt(db: Knex, ending: Ending): Promise<void> {
  await db.raw(END_ATTEMPT, endingColumns(ending)).options({ name: 'end attempt' })
}

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
