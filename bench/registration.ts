import { setTimeout as delay } from 'node:timers/promises'
import { query } from '../dev/stack/postgres.ts'
import { until } from '../dev/stack/until.ts'
import { type Platform, startPlatform } from '../test/support/platform.ts'
import { mochaGlobalTeardown as endStack } from '../test/support/stack.ts'
import { closedLoop, type Load, openLoop, type Request } from './load.ts'
import { residentMegabytes } from './memory.ts'
import { startKoaPg } from './peers/start-koa-pg.ts'
import { median, percentile } from './statistics.ts'
import { compare, printTable, type Row } from './table.ts'
import { watchRows } from './watch-rows.ts'

const CLIENTS = 64
const ROUNDS = 5
const PER_ROUND = 3_000
const WARM_UP = 1_000
const PACED_RATE = 200
const PACED_SECONDS = 30
const KILL_TOTAL = 20_000
const DRAIN_MS = 600_000

let people = 0

function registration(): Request {
  people += 1
  const body = JSON.stringify({
    name: `Bench Person ${people}`,
    email: `bench-${people}@example.test`,
    phoneNumber: `+6681${String(people).padStart(7, '0')}`,
  })
  return { method: 'POST', path: '/api/v1/register', headers: { 'content-type': 'application/json' }, body }
}

const accepted = ({ outcomes }: Load) => outcomes.filter(({ status }) => status === 201)
const userID = ({ body }: { body: string }): string => JSON.parse(body).data.userID

/** Accepting and storing members through the gateway, beside a koa + pg service that inserts within the request. */
export async function registrationBench(): Promise<void> {
  try {
    const rows = [...(await together()), ...(await withKills())]
    printTable('registration', rows)
  } finally {
    await endStack()
  }
}

/** All services in one process, as `npm start` runs them. */
async function together(): Promise<Row[]> {
  const jade = await startPlatform([['auth', 'onboarder', 'users', 'notifier', 'cache-updater']])
  const peer = await startKoaPg()
  await round(jade, WARM_UP)
  await closedLoop({ url: peer.url, clients: CLIENTS, total: WARM_UP, request: registration })
  const [ours, persisted, theirs] = [[] as number[], [] as number[], [] as number[]]
  for (let i = 0; i < ROUNDS; i++) {
    const result = await round(jade, PER_ROUND)
    ours.push(result.acceptedPerSecond)
    persisted.push(result.persistedPerSecond)
    const direct = await closedLoop({ url: peer.url, clients: CLIENTS, total: PER_ROUND, request: registration })
    theirs.push(accepted(direct).length / direct.seconds)
    console.error(
      `round ${i + 1}: accepted ${ours.at(-1)?.toFixed(0)}/s, persisted ${persisted.at(-1)?.toFixed(0)}/s, koa + pg ${theirs.at(-1)?.toFixed(0)}/s`,
    )
  }
  const memory = residentMegabytes(jade.pids())
  const paced = await pacedRound(jade)
  await peer.stop()
  await jade.stop()
  const baseline = median(theirs)
  return [
    compare('accepted per second through the gateway', median(ours), baseline, 0.5),
    compare('persisted per second', median(persisted), baseline, 0.35),
    below(`POST /register p99 at ${PACED_RATE}/s, ms`, paced.answerP99, 50),
    below(`answer to row seen, p95 at ${PACED_RATE}/s, ms`, paced.toRowP95, 100),
    below('memory of gateway and services after that, MB', memory, 450),
  ]
}

const below = (what: string, value: number, limit: number): Row => ({
  what,
  measured: value.toFixed(1),
  target: `< ${limit}`,
  met: value < limit,
})

/** So many registrations from 64 clients, then quiet until every mail is out, so that the next round starts from rest. */
async function round(jade: Platform, total: number) {
  const before = await stored(jade)
  const began = performance.now()
  const load = await closedLoop({ url: jade.url, clients: CLIENTS, total, request: registration })
  const count = accepted(load).length
  if (count < total) throw new Error(`${total - count} of ${total} registrations were refused`)
  await until(async () => (await stored(jade)) >= before + total, { within: DRAIN_MS, what: 'every row' })
  const seconds = (performance.now() - began) / 1000
  await drained(jade)
  return { acceptedPerSecond: total / load.seconds, persistedPerSecond: total / seconds }
}

/** Nothing is being added any more: a double would come now. */
async function settled(jade: Platform): Promise<void> {
  let before = -1
  const isSettled = async () => {
    const now = await stored(jade)
    const same = now === before
    before = now
    await delay(3_000)
    return same
  }
  await until(isSettled, { within: DRAIN_MS, what: 'no more rows' })
}

async function drained(jade: Platform): Promise<void> {
  const waiting = `select 1 from users.users where status = 'created' union all select 1 from users.outbox limit 1`
  let calm = 0
  const isCalm = async () => {
    calm = (await query(jade.databaseUrl, waiting)).length === 0 ? calm + 1 : 0
    await delay(200)
    return calm > 5
  }
  await until(isCalm, { within: DRAIN_MS, what: 'every mail is out' })
}

async function pacedRound(jade: Platform) {
  const watch = watchRows(jade)
  const load = await openLoop({ url: jade.url, rate: PACED_RATE, seconds: PACED_SECONDS, request: registration })
  const outcomes = accepted(load)
  await drained(jade)
  const seen = await watch.stop()
  const toRow = outcomes.map((outcome) => (seen.get(userID(outcome)) ?? Number.NaN) - outcome.answeredAt)
  const latencies = load.outcomes.map(({ latency }) => latency)
  return { answerP99: percentile(latencies, 0.99), toRowP95: percentile(toRow, 0.95) }
}

/** 20,000 registrations while `users` is killed twice: what was accepted is stored, each once. */
async function withKills(): Promise<Row[]> {
  const jade = await startPlatform([['users'], ['auth', 'onboarder', 'notifier', 'cache-updater']])
  const loading = closedLoop({ url: jade.url, clients: CLIENTS, total: KILL_TOTAL, request: registration })
  for (let kill = 0; kill < 2; kill++) {
    await until(async () => (await stored(jade)) > (kill + 0.5) * (KILL_TOTAL / 3), { within: 120_000, what: 'rows' })
    await jade.kill('users')
    await jade.start('users')
  }
  const ids = accepted(await loading).map(userID)
  await until(async () => (await stored(jade)) >= ids.length, { within: DRAIN_MS, what: 'every row' })
  await settled(jade)
  const rows = await query(jade.databaseUrl, 'select id from users.users')
  await jade.stop()
  const found = new Set(rows.map(({ id }) => String(id)))
  const lost = ids.filter((id) => !found.has(id)).length
  return [
    {
      what: `rows after ${KILL_TOTAL} registrations, users killed twice`,
      measured: `${rows.length}, ${lost} lost`,
      baseline: `${ids.length} accepted`,
      target: 'equal, 0 lost',
      met: rows.length === ids.length && lost === 0,
    },
  ]
}

const stored = async (jade: Platform): Promise<number> =>
  Number((await query(jade.databaseUrl, 'select count(*) as count from users.users'))[0]?.['count'])
