import { chownSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Component } from './component.ts'
import { type Daemon, run, startDaemon } from './daemon.ts'
import { dataHome, serverUser } from './postgres-home.ts'

const USER = 'jade'
const DATABASE = 'jade_palace'
/** How long sessions of a server that was killed may go on: each ends as soon as it notices. */
const SESSIONS_END_WITHIN_MS = 20_000

export const postgresUrl = (port: number, password: string, database = DATABASE): string =>
  `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`

/** `durable: false` trades safety in a power cut for speed: tests only. */
interface Options {
  dir: string
  port: number
  password: string
  programs: { postgres: string }
  durable?: boolean
}

export async function startPostgres({ dir, port, password, programs, durable = true }: Options): Promise<Component> {
  const user = serverUser()
  const home = dataHome(dir, user)
  const data = join(home, 'data')
  if (!existsSync(data)) await initialise({ home, data, password, programs, user })
  const maintenance = postgresUrl(port, password, 'postgres')
  const start = () =>
    startDaemon({
      name: 'postgres',
      dir,
      command: programs.postgres,
      args: ['-D', data, ...settings(port, durable).flatMap((setting) => ['-c', setting])],
      cwd: home,
      user,
      stopSignal: 'SIGINT', // "fast shutdown": ends sessions, then checkpoints
      answers: () => query(maintenance, 'select 1').then(() => true),
    })
  const daemon = await onceOldSessionsEnded(start)
  await createDatabase(maintenance, DATABASE)
  return { ...daemon, url: postgresUrl(port, password) }
}

/** Sessions of a server that was killed hold its shared memory, and no other server starts on this data until they end. */
async function onceOldSessionsEnded(start: () => Promise<Daemon>): Promise<Daemon> {
  const deadline = Date.now() + SESSIONS_END_WITHIN_MS
  for (;;) {
    try {
      return await start()
    } catch (error) {
      const held = (error as Error).message.includes('pre-existing shared memory block')
      if (!held || Date.now() > deadline) throw error
      await delay(100)
    }
  }
}

/** In a folder of another name first, so that an interrupted `initdb` never passes for a cluster. */
async function initialise({
  home,
  data,
  password,
  programs,
  user,
}: {
  home: string
  data: string
  password: string
  programs: { postgres: string }
  user: { uid: number; gid: number } | undefined
}): Promise<void> {
  const fresh = `${data}.new`
  const passwordFile = join(home, 'password')
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) for (const path of [fresh, passwordFile]) chownSync(path, user.uid, user.gid)
  const options = ['-U', USER, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8', '-k']
  try {
    await run(join(dirname(realpathSync(programs.postgres)), 'initdb'), ['-D', fresh, ...options], {
      ...user,
      cwd: home,
    })
  } finally {
    rmSync(passwordFile)
  }
  renameSync(fresh, data)
}

const settings = (port: number, durable: boolean): string[] => [
  `port=${port}`,
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=', // a socket's path may have 107 bytes only; nobody needs one here
  'max_connections=100',
  'shared_buffers=64MB',
  'timezone=UTC',
  'log_timezone=UTC',
  `fsync=${durable ? 'on' : 'off'}`,
  `synchronous_commit=${durable ? 'on' : 'off'}`,
  `full_page_writes=${durable ? 'on' : 'off'}`,
]

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined) // a server that goes away fails the query below, which says so
  try {
    await client.connect()
    return (await client.query(sql, values)).rows
  } finally {
    await client.end()
  }
}

async function createDatabase(url: string, name: string): Promise<void> {
  const found = await query(url, 'select from pg_database where datname = $1', [name])
  if (found.length === 0) await query(url, `create database ${name}`)
}
