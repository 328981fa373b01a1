import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Change } from '../changes.ts'
import type { Entities } from '../entities.ts'
import type { Log } from '../plugin.ts'
import type { Store } from './store.ts'

/** A row for each entity, in the order in which they came. Text, not jsonb: nobody looks into it, and it comes back as it was. */
const SCHEMA = `
  create schema if not exists gateway;
  create table if not exists gateway.kept_declaration (
    only_row boolean primary key default true check (only_row),
    declaration text not null,
    writer uuid not null,
    kept_at timestamptz not null default now()
  );
  create table if not exists gateway.kept_entity (
    collection text,
    id text,
    place bigint generated always as identity,
    entity text not null,
    primary key (collection, id)
  )`
/** Gateways that start together must not create it together. */
const LOCK = 'select pg_advisory_xact_lock(80018001)'
const FORGET = 'delete from gateway.kept_declaration; delete from gateway.kept_entity'
const BEGIN_WITH = 'insert into gateway.kept_declaration (declaration, writer) values ($1, $2)'
const GO_ON = 'update gateway.kept_declaration set kept_at = now() where declaration = $1 and writer = $2'
const PUT = `
  insert into gateway.kept_entity (collection, id, entity)
  select $1, id, entity from unnest($2::text[], $3::text[]) with ordinality as put (id, entity, place) order by place
  on conflict (collection, id) do update set entity = excluded.entity`
const DROP = 'delete from gateway.kept_entity where collection = $1 and id = any ($2)'

const SHARED = 'another gateway keeps its config in the same Postgres: each replaces what the other has kept'

/** Milliseconds after which a server that says nothing counts as away. */
const SHORT = 1_000

/** Between two attempts to reach Postgres at the start. */
const PAUSE = 1_000

interface PostgresStoreOptions {
  url: string
  log: Log
  /** Milliseconds for which a query may take, and a server that has stopped speaking is waited for. */
  patience?: number
}

export function createPostgresStore({ url, log, patience = 10_000 }: PostgresStoreOptions): Store {
  /** Stands in the tables as long as they say what this store has last saved. */
  let writer = randomUUID()
  let saved = false
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'jade-gateway',
    // One saves; the other answers whether it could.
    max: 2,
    connectionTimeoutMillis: 2_000,
    statement_timeout: patience,
    query_timeout: patience,
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

  async function inTransaction(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await work(client)
      await client.query('commit')
      client.release()
    } catch (error) {
      // The connection goes, and with it whatever it has begun.
      client.release(true)
      throw error
    }
  }

  return {
    async read() {
      await prepare()
      const { rows } = await pool.query<{ declaration: string }>('select declaration from gateway.kept_declaration')
      return rows[0] && { ...rows[0], entities: await readEntities(pool) }
    },
    async save({ declaration, entities, changes }) {
      try {
        await inTransaction(async (client) => {
          const { rowCount } = await client.query(GO_ON, [declaration, writer])
          if (rowCount === 1) return write(client, changes)
          if (saved) log.warn(SHARED)
          await client.query(FORGET)
          await client.query(BEGIN_WITH, [declaration, writer])
          await write(client, everythingIn(entities))
        })
        saved = true
      } catch (error) {
        // Whether it was kept is not known: the next save writes everything.
        writer = randomUUID()
        saved = false
        throw error
      }
    },
    async clear() {
      await pool.query(FORGET)
      saved = false
    },
    isReachable: () =>
      pool.query({ text: 'select 1', query_timeout: Math.min(patience, SHORT) } as pg.QueryConfig).then(
        () => true,
        () => false,
      ),
    close: () => pool.end(),
  }
}

async function write(client: pg.PoolClient, changes: readonly Change[]): Promise<void> {
  for (const { collection, put, gone } of changes) {
    if (gone.length > 0) await client.query(DROP, [collection, gone])
    const texts = put.map((entity) => JSON.stringify(entity))
    if (put.length > 0) await client.query(PUT, [collection, put.map(({ id }) => id), texts])
  }
}

const everythingIn = (entities: Entities): Change[] =>
  Object.entries(entities).map(([collection, put]) => ({ collection: collection as keyof Entities, put, gone: [] }))

async function readEntities(pool: pg.Pool): Promise<Record<string, unknown[]>> {
  const { rows } = await pool.query<{ collection: string; entity: string }>(
    'select collection, entity from gateway.kept_entity order by place',
  )
  const lists = Map.groupBy(rows, ({ collection }) => collection)
  return Object.fromEntries([...lists].map(([name, list]) => [name, list.map(({ entity }) => JSON.parse(entity))]))
}

/** Not an answer of the server, or that it starts or stops (SQLSTATE 57P…): it will be there later. */
function isAway(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57P')
}
