import { randomBytes } from 'node:crypto'
import { downloads, testDirs } from '../../dev/place.ts'
import { ensurePrograms } from '../../dev/prerequisites.ts'
import type { Component } from '../../dev/stack/component.ts'
import { startKafka } from '../../dev/stack/kafka.ts'
import { kafkaDistribution } from '../../dev/stack/kafka-distribution.ts'
import { inboxUrl, startMail } from '../../dev/stack/mail.ts'
import { query, startPostgres } from '../../dev/stack/postgres.ts'
import { startRedis } from '../../dev/stack/redis.ts'
import { claim, remove } from '../../dev/stack/run-dir.ts'
import { freePort } from './ports.ts'

/** A real server that a test may take away and bring back: same address, same data. */
export interface Server {
  /** How clients reach it: a URL, for Kafka `host:port`. */
  url: string
  start(): Promise<void>
  stop(): Promise<void>
  /** As a power cut would. */
  kill(): Promise<void>
}

export interface Stack {
  /** `createDatabase` gives the URL of an empty database that nobody else uses. */
  postgres: Server & { createDatabase(): Promise<string> }
  /** `createDatabase` gives the URL of an empty database (a Redis number) that nobody else uses; channels are shared. */
  redis: Server & { createDatabase(): string }
  kafka: Server
  /** `web` is the inbox's HTTP address. */
  mail: Server & { web: string }
}

export const dir = testDirs + randomBytes(4).toString('hex')
const REDIS_DATABASES = 1_000

const launchers: { [Name in keyof Stack]: () => Promise<Stack[Name]> } = { postgres, redis, kafka, mail }
const running: { [Name in keyof Stack]?: Promise<Stack[Name]> } = {}

/**
 * The servers of these names, started once per test run and only if a test asks: `const { redis } = await stack('redis')`.
 * Mocha's global teardown stops them.
 */
export async function stack<Name extends keyof Stack>(...names: Name[]): Promise<Pick<Stack, Name>> {
  claim(dir)
  const servers = names.map(async (name) => {
    running[name] ??= launchers[name]() as (typeof running)[Name]
    return [name, await running[name]]
  })
  return Object.fromEntries(await Promise.all(servers))
}

const clients: (() => Promise<void>)[] = []

/** What runs on these servers and has to stop before they do. */
export const beforeStackEnds = (stop: () => Promise<void>) => clients.push(stop)

export async function mochaGlobalTeardown(): Promise<void> {
  for (const stop of clients) await stop()
  const servers = await Promise.allSettled(Object.values(running))
  await Promise.all(servers.map((server) => server.status === 'fulfilled' && server.value.stop()))
  remove(dir)
}

async function postgres(): Promise<Stack['postgres']> {
  const programs = await ensurePrograms(['postgres'])
  const port = await freePort()
  const server = await restartable(() =>
    startPostgres({ dir, port, password: 'test', programs, durable: process.env['STACK_DURABLE'] === 'yes' }),
  )
  let databases = 0
  return {
    ...server,
    async createDatabase() {
      const name = `test_${++databases}`
      await query(server.url, `create database ${name}`)
      return server.url.replace(/[^/]*$/, name)
    },
  }
}

async function redis(): Promise<Stack['redis']> {
  const programs = await ensurePrograms(['redis'])
  const port = await freePort()
  const server = await restartable(() => startRedis({ dir, port, programs, databases: REDIS_DATABASES }))
  let databases = 0
  return { ...server, createDatabase: () => `${server.url}/${++databases}` }
}

async function kafka(): Promise<Stack['kafka']> {
  const programs = await ensurePrograms(['java', 'maven'])
  const libs = await kafkaDistribution(downloads, programs)
  const [port, controllerPort] = [await freePort(), await freePort()]
  return restartable(() => startKafka({ dir, port, controllerPort, libs, programs }))
}

async function mail(): Promise<Stack['mail']> {
  const [port, webPort] = [await freePort(), await freePort()]
  const server = await restartable(() => startMail({ dir, port, webPort }))
  return { ...server, web: inboxUrl(webPort) }
}

async function restartable(launch: () => Promise<Component>): Promise<Server> {
  let current: Component | undefined = await launch()
  const end = async (how: 'stop' | 'kill') => {
    await current?.[how]()
    current = undefined
  }
  return {
    url: current.url,
    async start() {
      current ??= await launch()
    },
    stop: () => end('stop'),
    kill: () => end('kill'),
  }
}
