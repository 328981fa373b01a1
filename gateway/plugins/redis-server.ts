import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'

/** For tests: a Redis of its own, that keeps nothing on disk. */
export interface RedisServer {
  port: number
  /** A connection for the test itself. */
  client: Redis
  /** Takes it away; `start` brings it back on the same port, empty. */
  stop(): Promise<void>
  start(): Promise<void>
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort()
  let server: ChildProcess | undefined
  let client: Redis | undefined

  async function start(): Promise<void> {
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    server = spawn('redis-server', flags, { stdio: 'ignore' })
    client = new Redis({ port, retryStrategy: () => 20, maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    await client.ping()
  }

  async function stop(): Promise<void> {
    client?.disconnect()
    if (server === undefined) return
    const gone = once(server, 'exit')
    server.kill('SIGKILL')
    server = undefined
    await gone
  }

  await start()
  return {
    port,
    get client() {
      return client as Redis
    },
    start,
    stop,
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
