import knex, { type Knex } from 'knex'
import type { Log } from './log.ts'

/** Queries of one service. Its connections see that service's schema only (`search_path`). */
export function createDb({ url, schema, log }: { url: string; schema: string; log: Log }): Knex {
  const warn = (message: unknown) => log.warn('postgres client', { detail: String(message) })
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: `jade-${schema}`,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 10_000,
      query_timeout: 12_000, // for a server that no longer says even that
      keepAlive: true,
      idle_in_transaction_session_timeout: 30_000,
    },
    searchPath: [schema],
    pool: { min: 0, max: 10 },
    acquireConnectionTimeout: 3_000,
    compileSqlOnError: false, // else an error's message holds the bound values, which are personal data
    log: { warn, error: warn, deprecate: warn, debug: () => undefined },
  })
}

export const postgresReady = async (db: Knex): Promise<void> => {
  await db.raw('select 1')
}
