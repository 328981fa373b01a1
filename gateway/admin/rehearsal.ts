import { randomUUID } from 'node:crypto'
import { createNodeHealth } from '../balancer/health-checks.ts'
import { createResolver } from '../balancer/resolver.ts'
import { createControlPlane } from '../control-plane.ts'
import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Log } from '../plugin.ts'
import { createSharedCache } from '../plugins/shared-cache.ts'
import { createPropagation } from '../propagation.ts'
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
  let reachable = true
  const health = createNodeHealth({ resolver: createResolver(), log: silent, onChange: () => undefined })
  const initial = entitiesOf(declared)
  health.load(initial, new Map())
  const cache = createSharedCache()
  const traffic = { accepted: 5, active: 3, requests: 9, underWay: 1 }
  const workers = {
    apply(next: Entities) {
      if (refusal) return Promise.reject(refusal)
      health.load(next, new Map())
      return Promise.resolve()
    },
  }
  const controlPlane = createControlPlane({
    initial,
    declaration: '',
    propagation: createPropagation({ workers, log: silent, now: Date.now }),
    store: { save: () => Promise.resolve(), clear: () => Promise.resolve() },
  })
  const server = await createAdminServer({
    controlPlane,
    node: {
      id: randomUUID(),
      metrics: () => Promise.resolve('kong_up 1\n'),
      figures: () => Promise.resolve([1, 2].map(() => ({ heapUsed: 2 ** 20, timers: 1, traffic }))),
      health,
      isStoreReachable: () => Promise.resolve(reachable),
      cache,
    },
    listen: { host: '127.0.0.1', port: 0 },
    token,
    log: silent,
  })

  return {
    controlPlane,
    cache,
    port: server.port,
    close() {
      health.close()
      return server.close()
    },
    /** From here on nothing can be kept. */
    loseStore() {
      reachable = false
    },
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
