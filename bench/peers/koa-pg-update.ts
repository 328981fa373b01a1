import { randomInt } from 'node:crypto'
import { argv } from 'node:process'
import Koa from 'koa'
import pg from 'pg'

// What refreshing is measured against: the least a koa service can do that changes one row within the request.
//   node koa-pg-update.ts PORT DATABASE_URL
const ROWS = 10_000
const [port, connectionString] = argv.slice(2)
const db = new pg.Pool({ connectionString, max: 10 })
await db.query('create table counters (id integer primary key, count integer not null)')
await db.query('insert into counters select id, 0 from generate_series(1, $1) id', [ROWS])

const app = new Koa()
app.use(async (ctx) => {
  let text = ''
  for await (const piece of ctx.req) text += piece
  JSON.parse(text)
  const id = randomInt(ROWS) + 1
  const { rows } = await db.query('update counters set count = count + 1 where id = $1 returning count', [id])
  ctx.body = { status: 'success', data: rows[0] }
})
app.listen(Number(port), '127.0.0.1')
