import { join } from 'node:path'
import type { Knex } from 'knex'
import { migrate } from '../lib/migrate.ts'

/** The one schema in Postgres that belongs to auth. */
export const SCHEMA = 'auth'

const MIGRATIONS = ['../lib/bus/migrations', 'migrations'].map((folder) => join(import.meta.dirname, folder))

export const migrateAuth = (db: Knex): Promise<void> => migrate(db, SCHEMA, MIGRATIONS)
