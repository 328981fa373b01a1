import { randomUUID } from 'node:crypto'
import { createControlPlane } from '../control-plane.ts'
import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Log } from '../plugin.ts'
import { createAdminServer } from './server.ts'

/** The Admin API before workers that serve whatever they are given. For tests. */

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

export function entitiesOf(document: object): Entities {
  const { entities } = validate({ _format_version: '3.0', ...document })
  if (!entities) throw new Error('the config must be sound')
  return entities
}

export async function rehearseAdmin(declared: object, token?: string) {
  let refusal: Error | undefined
  const controlPlane = createControlPlane({
    initial: entitiesOf(declared),
    declaration: '',
    workers: { apply: () => (refusal ? Promise.reject(refusal) : Promise.resolve()) },
    store: { save: () => Promise.resolve(), clear: () => Promise.resolve() },
  })
  const server = await createAdminServer({
    controlPlane: { ...controlPlane, metrics: () => Promise.resolve('kong_up 1\n') },
    listen: { host: '127.0.0.1', port: 0 },
    token,
    nodeId: randomUUID(),
    log: silent,
  })

  return {
    controlPlane,
    close: server.close,
    /** From here on the workers cannot serve what they are given. */
    refuse(reason: string) {
      refusal = new Error(reason)
    },
    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const text = typeof body === 'object' ? JSON.stringify(body) : (body as string | undefined)
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        method,
        headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(text !== undefined && { body: text }),
      })
      const answer = await response.text()
      const json = response.headers.get('content-type')?.startsWith('application/json')
      return { status: response.status, body: json && answer !== '' ? JSON.parse(answer) : answer }
    },
  }
}

export type AdminRehearsal = Awaited<ReturnType<typeof rehearseAdmin>>
