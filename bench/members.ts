import { mochaGlobalTeardown as endStack } from '../test/support/stack.ts'
import { closedLoop } from './load.ts'
import { INSERT_PEOPLE } from './members/people.ts'
import { printPlans } from './members/plans.ts'
import { type Shape, shapesOf } from './members/shapes.ts'
import { startUsers, type UsersProcess } from './members/start-users.ts'
import { median, percentile } from './statistics.ts'
import { printTable, type Row } from './table.ts'

const MEMBERS = 1_000_000
const ROUNDS = 3
const PER_ROUND = 64
const CLIENTS = 2
const LIMIT_MS = 100

/** The console's list of a million members, through the service's HTTP; then the plans behind it. */
export async function membersBench(): Promise<void> {
  try {
    const users = await startUsers()
    await fill(users)
    const totals = await count(users)
    const rows: Row[] = []
    for (const shape of shapesOf(totals)) rows.push(await measure(users, shape))
    printTable('members', rows)
    await printPlans(users.databaseURL, totals.get('') ?? 0)
  } finally {
    await endStack()
  }
}

/** Indexes that keep nothing unique are made again afterwards: that is faster, and leaves them as a vacuum would. */
async function fill({ sql }: UsersProcess): Promise<void> {
  const indexes = await sql(
    `select indexname, indexdef from pg_indexes
     where tablename = 'users' and schemaname = 'users' and indexdef not like 'CREATE UNIQUE%'`,
  )
  for (const { indexname } of indexes) await sql(`drop index users.${indexname}`)
  await sql(INSERT_PEOPLE, MEMBERS)
  for (const { indexdef } of indexes) await sql(String(indexdef))
  await sql('alter index users.users_by_text alter column 1 set statistics 1000')
  await sql('vacuum (analyze) users.users')
}

async function count({ sql }: UsersProcess): Promise<Map<string, number>> {
  const rows = await sql(
    `select coalesce(status, '') as status, count(*) from users.users where status <> 'deleted' group by rollup (status)`,
  )
  return new Map(rows.map((row) => [String(row['status']), Number(row['count'])]))
}

/** Median of the rounds' p95; a first round warms the caches up. */
async function measure(users: UsersProcess, { what, parameters }: Shape): Promise<Row> {
  const [p50, p95] = [[] as number[], [] as number[]]
  for (let round = 0; round <= ROUNDS; round++) {
    const request = (index: number) => users.list(parameters(round * PER_ROUND + index))
    const { outcomes } = await closedLoop({ url: users.url, clients: CLIENTS, total: PER_ROUND, request })
    const failed = outcomes.find(({ status }) => status !== 200)
    if (failed) throw new Error(`${what}: answered ${failed.status} ${failed.body}`)
    if (round === 0) continue
    const latencies = outcomes.map(({ latency }) => latency)
    p50.push(median(latencies))
    p95.push(percentile(latencies, 0.95))
  }
  const [middle, value] = [median(p50), median(p95)]
  console.error(`${what}: p50 ${middle.toFixed(1)} ms, p95 ${p95.map((each) => each.toFixed(0)).join(' ')} ms`)
  return {
    what: `${what}: p95 (p50), ms`,
    measured: `${value.toFixed(1)} (${middle.toFixed(1)})`,
    target: `< ${LIMIT_MS}`,
    met: value < LIMIT_MS,
  }
}
