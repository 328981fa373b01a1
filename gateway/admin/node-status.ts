import type { WorkerFigures } from '../worker-messages.ts'
import type { ControlPlane } from './control-plane.ts'
import { type Endpoint, type Endpoints, Refusal } from './reply.ts'
import type { RunningNode } from './running-node.ts'

const UNITS: Record<string, number> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/** `GET /status`: how this node is. `unit` and `scale` say how memory is told. */
export function nodeStatus({ configHash }: ControlPlane, node: RunningNode): Endpoint {
  return async ({ query }) => {
    const told = memoryTeller(query.get('unit') ?? 'm', query.get('scale'))
    const [workers, reachable] = await Promise.all([node.figures(), node.isStoreReachable()])
    const { rss, heapUsed } = process.memoryUsage()
    return {
      status: 200,
      body: {
        database: { reachable },
        configuration_hash: configHash(),
        memory: {
          process_rss: told(rss),
          control_plane_heap: told(heapUsed),
          workers_lua_vms: workers.map(({ heapUsed }) => ({ pid: process.pid, http_allocated_gc: told(heapUsed) })),
          lua_shared_dicts: {},
        },
        server: serverFigures(workers),
      },
    }
  }
}

/** nginx's figures of connections and requests, of all workers together. */
function serverFigures(workers: WorkerFigures[]): Record<string, number> {
  const sum = (figure: (worker: WorkerFigures) => number) =>
    workers.reduce((total, worker) => total + figure(worker), 0)
  const accepted = sum(({ traffic }) => traffic.accepted)
  const writing = sum(({ traffic }) => traffic.underWay)
  const active = sum(({ traffic }) => traffic.active)
  return {
    connections_active: active,
    connections_reading: 0,
    connections_writing: writing,
    connections_waiting: Math.max(0, active - writing),
    connections_accepted: accepted,
    connections_handled: accepted,
    total_requests: sum(({ traffic }) => traffic.requests),
  }
}

function memoryTeller(unit: string, scale: string | null): (bytes: number) => string | number {
  const digits = scale === null ? 2 : Number(scale)
  if (!(digits >= 0)) throw new Refusal(400, { message: 'scale must be equal or greater than 0' })
  const letter = unit.toLowerCase()
  if (letter === '' || letter === 'b') return (bytes) => bytes
  const size = UNITS[letter]
  if (size === undefined)
    throw new Refusal(400, { message: `invalid unit '${unit}' (expected 'k/K', 'm/M', or 'g/G')` })
  return (bytes) => `${(bytes / size).toFixed(Math.min(digits, 20))} ${letter.toUpperCase()}iB`
}

/** `GET /status/dns`, with what Kong says where its newer DNS client is not switched on. */
export const dnsStatus: Endpoints = {
  GET: () => {
    throw new Refusal(501, { message: 'not implemented with the legacy DNS client' })
  },
}
