import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Component } from './component.ts'
import { startDaemon } from './daemon.ts'

interface Options {
  dir: string
  port: number
  programs: { redis: string }
  databases?: number
}

export const redisUrl = (port: number): string => `redis://127.0.0.1:${port}`

/** With its append-only file, so that a restart finds everything again. */
export async function startRedis({ dir, port, programs, databases = 16 }: Options): Promise<Component> {
  const data = join(dir, 'redis')
  mkdirSync(data, { recursive: true })
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: data,
    databases,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
  }
  const daemon = await startDaemon({
    name: 'redis',
    dir,
    command: programs.redis,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    answers: () => pongs(port),
  })
  return { ...daemon, url: redisUrl(port) }
}

/** While it still loads its file, it answers with an error instead. */
async function pongs(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  try {
    socket.write('PING\r\n')
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(1_000) })
    return String(answer).startsWith('+PONG')
  } finally {
    socket.destroy()
  }
}
