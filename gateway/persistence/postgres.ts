import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../plugin.ts'
import type { Store } from './store.ts'

/** One row. Text, not jsonb: nobody looks into it, and it comes back as it was. */
const SCHEMA = `
  create schema if not exists gateway;
  create table if not exists gateway.kept (
    only_row boolean primary key default true check (only_row),
    declaration text not null,
    entities text not null,
    kept_at timestamptz not null default now()
  )`
/** Gateways that start together must not create it together. */
const LOCK = 'select pg_advisory_xact_lock(80018001)'
const SAVE = `
  insert into gateway.kept (declaration, entities) values ($1, $2)
  on conflict (only_row) do update set declaration = $1, entities = $2, kept_at = now()`

/** Between two attempts to reach Postgres at the start. */
const PAUSE = 1_000

export function createPostgresStore({ url, log }: { url: string; log: Log }): Store {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'jade-gateway',
    max: 1,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 10_000,
  })
  pool.on('error', ({ message }) => log.warn('postgres client', { detail: message }))

  async function prepare(): Promise<void> {
    try {
      await pool.query(`begin; ${LOCK}; ${SCHEMA}; commit`)
    } catch (error) {
      if (!isAway(error)) throw error
      log.warn('waiting for postgres', { detail: (error as Error).message })
      await delay(PAUSE)
      await prepare()
    }
  }

  return {
    async read() {
      await prepare()
      const { rows } = await pool.query<{ declaration: string; entities: string }>('select * from gateway.kept')
      return rows.map(({ declaration, entities }) => ({ declaration, entities: JSON.parse(entities) }))[0]
    },
    async save({ declaration, entities }) {
      await pool.query(SAVE, [declaration, JSON.stringify(entities)])
    },
    async clear() {
      await pool.query('delete from gateway.kept')
    },
    close: () => pool.end(),
  }
}

/** Not an answer of the server, or that it starts or stops (SQLSTATE 57P…): it will be there later. */
function isAway(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57P')
}
