import { randomUUID } from 'node:crypto'
import argon2 from 'argon2'
import { passwordHashing } from '../auth/config.ts'
import { hashingCost } from '../auth/passwords.ts'
import { readConfig } from '../lib/config.ts'
import { mochaGlobalTeardown as endStack } from '../test/support/stack.ts'
import { type AuthProcess, startAuth } from './auth/start-auth.ts'
import { closedLoop, type Load } from './load.ts'
import { startKoaPg } from './peers/start-koa-pg.ts'
import { median, percentile } from './statistics.ts'
import { compare, printTable, type Row } from './table.ts'

const ROUNDS = 5
const HASHES = 200
const LOGINS = 200
const LOGIN_CLIENTS = 16
const REFRESHES = 4_000
const CLIENTS = 64
const REFRESH_TARGET = 1_500
const SIGNATURES = 5_000

/** Logins beside the argon2 hashes that they cannot do without, refreshes beside a koa + pg service that changes one row. */
export async function authBench(): Promise<void> {
  try {
    const auth = await startAuth(cost)
    // Refreshes first: so few logins a second would not warm the service up.
    const ofRefreshes = await refreshes(auth)
    printTable('auth', [await logins(auth), ofRefreshes, signatures(auth)])
  } finally {
    await endStack()
  }
}

const hashing = readConfig(process.env, passwordHashing)
const cost = hashingCost(hashing)

async function logins(auth: AuthProcess): Promise<Row> {
  const [ours, hashes] = [[] as number[], [] as number[]]
  for (let round = 0; round <= ROUNDS; round++) {
    const request = (index: number) => auth.login(round * LOGINS + index)
    const load = await closedLoop({ url: auth.url, clients: LOGIN_CLIENTS, total: LOGINS, request })
    ours.push(perSecond(load))
    hashes.push(await hashesPerSecond())
    console.error(`round ${round}: ${ours.at(-1)?.toFixed(1)} logins/s, ${hashes.at(-1)?.toFixed(1)} hashes/s`)
  }
  return compare('logins per second, argon2 hashes alone', warm(ours), warm(hashes), 0.85)
}

/** As many at once as auth computes. */
async function hashesPerSecond(): Promise<number> {
  const hash = await argon2.hash('a lazy pangolin sings', cost)
  let left = HASHES
  const lane = async () => {
    while (left-- > 0) await argon2.verify(hash, 'a lazy pangolin sings')
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: hashing.ARGON2_CONCURRENCY }, lane))
  return (HASHES * 1000) / (performance.now() - started)
}

async function refreshes(auth: AuthProcess): Promise<Row> {
  const peer = await startKoaPg('koa-pg-update')
  const [ours, theirs] = [[] as number[], [] as number[]]
  const body = { method: 'POST', path: '/', headers: { 'content-type': 'application/json' } }
  for (let round = 0; round <= ROUNDS; round++) {
    const request = await auth.refreshes(REFRESHES)
    ours.push(perSecond(await closedLoop({ url: auth.url, clients: CLIENTS, total: REFRESHES, request })))
    const change = () => ({ ...body, body: JSON.stringify({ refreshToken: randomUUID() }) })
    theirs.push(perSecond(await closedLoop({ url: peer.url, clients: CLIENTS, total: REFRESHES, request: change })))
    console.error(`round ${round}: ${ours.at(-1)?.toFixed(0)} refreshes/s, koa + pg ${theirs.at(-1)?.toFixed(0)}/s`)
  }
  await peer.stop()
  const row = compare('refreshes per second, koa + pg update', warm(ours), warm(theirs), 0.5)
  return { ...row, target: `${row.target}, or ≥ ${REFRESH_TARGET}`, met: row.met || warm(ours) >= REFRESH_TARGET }
}

function signatures(auth: AuthProcess): Row {
  const times: number[] = []
  for (let i = 0; i < SIGNATURES; i++) {
    const started = performance.now()
    auth.sign()
    times.push(performance.now() - started)
  }
  const p99 = percentile(times, 0.99)
  return { what: 'signing an access token, p99, ms', measured: p99.toFixed(2), target: '< 5', met: p99 < 5 }
}

/** The first round warms up. */
const warm = (rates: number[]): number => median(rates.slice(1))

function perSecond({ outcomes, seconds }: Load): number {
  const refused = outcomes.find(({ status }) => status !== 200)
  if (refused) throw new Error(`a request was answered with ${refused.status}: ${refused.body}`)
  return outcomes.length / seconds
}
