import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { stack } from '../test/support/stack.ts'
import { createDb } from './db.ts'
import { createLog } from './log.ts'
import { migrate } from './migrate.ts'

describe('migrate', function () {
  this.timeout(30_000)
  const log = createLog({ service: 'probe', level: 'error' })
  let folder: string
  let url: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'migrations-'))
    url = await (await stack('postgres')).postgres.createDatabase()
  })

  after(() => rm(folder, { recursive: true }))

  it('runs what is new, in order, once, also when several nodes start at the same time', async () => {
    await writeFile(join(folder, '002-more.sql'), `insert into things values ('second?')`)
    await writeFile(join(folder, '001-things.sql'), 'create table things (name text)')
    const nodes = Array.from({ length: 4 }, () => createDb({ url, schema: 'probe', log }))
    await Promise.all(nodes.map((db) => migrate(db, 'probe', [folder])))
    await writeFile(join(folder, '003-third.sql'), `insert into things values ('third')`)
    const [db] = nodes as [(typeof nodes)[0]]
    await migrate(db, 'probe', [folder])
    expect(await db('things').pluck('name')).to.deep.equal(['second?', 'third'])
    await Promise.all(nodes.map((node) => node.destroy()))
  })

  it('leaves nothing behind when a statement fails', async () => {
    const db = createDb({ url, schema: 'broken', log })
    await writeFile(join(folder, '004-broken.sql'), 'create table half (id int); select nonsense')
    const failure = await migrate(db, 'broken', [folder]).then(
      () => undefined,
      (error: Error) => error,
    )
    expect(failure?.message).to.include('nonsense')
    expect((await db.raw(`select to_regnamespace('broken') as schema`)).rows[0].schema).to.equal(null)
    await db.destroy()
  })
})
