import type { Knex } from 'knex'
import { createDb } from '../../lib/db.ts'
import { createLog } from '../../lib/log.ts'
import { listUsers } from '../../services/users/list.ts'
import { createMemberCounts } from '../../services/users/member-counts.ts'
import { searchUsers } from '../../services/users/search.ts'

const first = { limit: 100, offset: 0 }

const shapes = (total: number): Record<string, (db: Knex) => Promise<unknown>> => ({
  'first page, newest first': (db) => listUsers(db, { ...first, sort: '-createdAt', total }),
  'the middle, by name': (db) => listUsers(db, { sort: 'name', limit: 100, offset: Math.floor(total / 2), total }),
  'a quarter down, by e-mail': (db) =>
    listUsers(db, { sort: 'email', limit: 100, offset: Math.floor(total / 4), total }),
  'first page of the disabled, by name': (db) => listUsers(db, { ...first, status: 'disabled', sort: 'name', total }),
  'ten thousand down the confirmed': (db) =>
    listUsers(db, { status: 'confirmed', sort: '-createdAt', limit: 100, offset: 10_000, total }),
  'search that few match': (db) => searchUsers(db, { search: 'Somchai Jaidee' }, { ...first, sort: 'name' }),
  'search that many match': (db) => searchUsers(db, { search: 'gmail' }, { ...first, sort: 'name' }),
  'search for two characters': (db) => searchUsers(db, { search: 'zq' }, { ...first, sort: 'name' }),
  'search among the disabled': (db) =>
    searchUsers(db, { search: 'สมชาย', status: 'disabled' }, { ...first, sort: 'name' }),
  'is the total small?': (db) => createMemberCounts({ db })(),
})

/** Prints, as Markdown, how Postgres runs the first statement of each: those that the service itself sends. */
export async function printPlans(url: string, total: number): Promise<void> {
  const db = createDb({ url, schema: 'users', log: createLog({ service: 'bench', level: 'warn' }) })
  for (const [what, run] of Object.entries(shapes(total))) {
    const sent: { sql: string; bindings: Knex.RawBinding[] }[] = []
    const note = (query: (typeof sent)[number]) => sent.push(query)
    db.on('query', note)
    await run(db)
    db.off('query', note)
    const [{ sql, bindings } = { sql: '', bindings: [] }] = sent
    const { rows } = await db.raw(`explain (analyze, buffers, costs off) ${sql.replaceAll(/\$\d+/g, '?')}`, bindings)
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
    console.log(`\n## ${what[0]?.toUpperCase()}${what.slice(1)}\n\n\`\`\`\n${plan}\n\`\`\``)
  }
  await db.destroy()
}
