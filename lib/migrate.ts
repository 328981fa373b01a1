import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Knex } from 'knex'

/**
 * Brings a service's schema up to date: runs each folder's numbered `.sql` files that have not run yet, in order,
 * in one transaction. An advisory lock makes the other nodes of the service wait; they then find nothing to do.
 */
export async function migrate(db: Knex, schema: string, folders: string[]): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [`migrate ${schema}`])
    await trx.raw('create schema if not exists ??', [schema])
    await trx.raw('create table if not exists migrations (name text primary key, applied_at timestamptz default now())')
    const applied = new Set(await trx('migrations').pluck('name'))
    for (const folder of folders) {
      for (const file of (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()) {
        if (applied.has(file)) continue
        await trx.raw((await readFile(join(folder, file), 'utf8')).replaceAll('?', '\\?'))
        await trx('migrations').insert({ name: file })
      }
    }
  })
}
