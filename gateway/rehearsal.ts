import { validate } from './declarative/validate.ts'
import type { Entities } from './entities.ts'
import { claimPort } from './free-port.ts'
import { NOBODY, silent, talk } from './proxy/rehearsal.ts'
import { createSharedMemory } from './shared-memory.ts'
import { startWorkers } from './workers.ts'

export function declared(document: object): Entities {
  const { entities, errors } = validate({ _format_version: '3.0', ...document })
  if (!entities) throw new Error(JSON.stringify(errors))
  return entities
}

/** For tests: the workers of a node, on a port of their own. */
export async function rehearseWorkers(document: object, { count = 2 } = {}) {
  const host = '127.0.0.1'
  const port = await claimPort({ host, port: 0 })
  const memory = createSharedMemory()
  const start = {
    proxy: { host, port },
    proxyTls: undefined,
    trustedProxies: NOBODY,
    entities: declared(document),
    memory,
    env: {},
    logLevel: 'error',
    product: 'x/1',
    nodeId: 'n',
    accessLog: undefined,
  }
  const workers = await startWorkers({ count, log: silent, start })

  /** On a connection of its own, which the kernel gives to one of the workers. */
  const get = (path: string, headers = '', method = 'GET') =>
    talk(port, `${method} ${path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${headers}\r\n`)

  return {
    ...workers,
    memory,
    get,
    /** One after the other. */
    async statuses(path: string, times = 24): Promise<string[]> {
      const found = []
      for (let at = 0; at < times; at++) found.push((await get(path)).slice(9, 12))
      return found
    },
  }
}

export type WorkersRehearsal = Awaited<ReturnType<typeof rehearseWorkers>>
