import { randomUUID } from 'node:crypto'
import { argv } from 'node:process'
import Koa from 'koa'
import pg from 'pg'

// What registration is measured against: the least a koa service can do that inserts the row within the request.
//   node koa-pg.ts PORT DATABASE_URL
const [port, connectionString] = argv.slice(2)
const db = new pg.Pool({ connectionString, max: 10 })
await db.query(`create table if not exists registrations (
  id uuid primary key, name text not null, email text unique not null, phone_number text unique not null)`)

const app = new Koa()
app.use(async (ctx) => {
  let text = ''
  for await (const piece of ctx.req) text += piece
  const { name, email, phoneNumber } = JSON.parse(text)
  const userID = randomUUID()
  await db.query('insert into registrations values ($1, $2, $3, $4)', [userID, name, email, phoneNumber])
  ctx.status = 201
  ctx.body = { status: 'success', message: 'Registration successful', data: { userID } }
})
app.listen(Number(port), '127.0.0.1')
