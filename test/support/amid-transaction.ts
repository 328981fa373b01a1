import pg from 'pg'
import { until } from '../../dev/stack/until.ts'

type Statement = [sql: string, values: unknown[]]

/** Begins a work once a transaction has made its first statement; that makes the others and commits when the work waits for it. */
export async function amidTransaction<T>(
  { databaseURL }: { databaseURL: string },
  [first, ...others]: [Statement, ...Statement[]],
  work: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: databaseURL, options: '-c search_path=auth' })
  await client.connect()
  const somebodyWaits = async () => {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and pg_backend_pid() = any(pg_blocking_pids(pid))`,
    )
    return rowCount === 1
  }
  try {
    await client.query('begin')
    await client.query(...first)
    const underWay = work()
    await until(somebodyWaits, { within: 5_000, what: 'the work waits' })
    for (const statement of others) await client.query(...statement)
    await client.query('commit')
    return await underWay
  } finally {
    await client.end()
  }
}
