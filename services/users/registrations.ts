import type { Knex } from 'knex'

export interface Hour {
  from: Date
  count: number
}

/** Registrations in each of the last 24 hours, the oldest first and the running one last; an hour without any counts 0. */
export async function countByHour(db: Knex): Promise<Hour[]> {
  const { rows } = await db.raw<{ rows: Hour[] }>(
    `select hour as "from", count(users.id)::int as count
     from generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), '1 hour') as hour
     left join users on created_at >= hour and created_at < hour + interval '1 hour' and status <> 'deleted'
     group by hour order by hour`,
  )
  return rows
}

/** Registrations in the last 60 seconds. */
export async function countLastMinute(db: Knex): Promise<number> {
  const [row] = await db('users')
    .whereNot('status', 'deleted')
    .whereRaw(`created_at > now() - interval '1 minute'`)
    .count<{ count: string }[]>()
  return Number(row?.count)
}
