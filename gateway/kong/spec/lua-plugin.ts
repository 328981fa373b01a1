import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Redis } from 'ioredis'

/** One request as it stands when the plugin's turn comes. */
export interface LuaRequest {
  /** Milliseconds since the epoch. */
  now: number
  headers: Record<string, string[]>
  /** What plugins before it have left in `kong.ctx.shared`. */
  shared: { authenticated_jwt_token?: string }
  consumer?: { id: string }
  groups?: string[]
  /** The config of the global instance, where there is one, and of the one that applies. */
  rewrite?: object
  access: object
}

export interface LuaOutcome {
  answer: { status: number; message?: string; headers: Record<string, string[]>; err?: string }
  upstream: Record<string, string[]>
  /** What the plugin has put in place of what logging plugins would write. */
  logged: Record<string, string>
}

/** Kong's form of a plugin in luajit, with a stand-in for Kong around it. Plays one request at a time. */
export interface LuaPlugin {
  schema: unknown
  priority: number
  play(request: LuaRequest): Promise<LuaOutcome>
  close(): Promise<void>
}

type Line = { redis: string[] } | LuaOutcome | Pick<LuaPlugin, 'schema' | 'priority'>

const HOST = `${import.meta.dirname}/host.lua`

/** The plugin's commands go to the Redis that `redis` gives. */
export async function startLua(plugin: string, redis: () => Redis): Promise<LuaPlugin> {
  const lua = spawn('luajit', [HOST], { stdio: 'pipe' })
  const gone = once(lua, 'exit')
  const lines = createInterface(lua.stdout)[Symbol.asyncIterator]()
  let complaint = ''
  lua.stderr.on('data', (data) => {
    complaint += data
  })

  async function converse(message: object): Promise<Line> {
    lua.stdin.write(`${JSON.stringify(message)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error(complaint)
    const line = JSON.parse(value) as Line
    return 'redis' in line ? converse(await reply(redis(), line.redis)) : line
  }

  return {
    ...((await converse({ plugin })) as Pick<LuaPlugin, 'schema' | 'priority'>),
    play: async (request) => (await converse(request)) as LuaOutcome,
    async close() {
      lua.stdin.end()
      await gone
    },
  }
}

async function reply(redis: Redis, [command = '', ...values]: string[]): Promise<object> {
  try {
    return { reply: await redis.call(command, ...values) }
  } catch (error) {
    return { error: (error as Error).message }
  }
}
