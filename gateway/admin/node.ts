import { hostname } from 'node:os'
import { plugins } from '../plugins/registry.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Endpoint, Endpoints } from './reply.ts'

/** The version of Kong whose behaviour the gateway has; its tools choose by it what they send. */
export const kongVersion = '3.9.1'

/**
 * `GET /`: what this node is. Kong's tools take `database: postgres` for a gateway whose entities can be changed one by one, as
 * they can here wherever they are kept.
 */
export function nodeInformation({ entities }: ControlPlane, nodeId: string): Endpoint {
  return () => ({
    status: 200,
    body: {
      version: kongVersion,
      edition: 'community',
      tagline: 'Jade Palace gateway',
      hostname: hostname(),
      node_id: nodeId,
      pids: { master: process.pid },
      configuration: { database: 'postgres', router_flavor: 'traditional_compatible' },
      plugins: {
        available_on_server: Object.fromEntries(
          Object.entries(plugins).map(([name, { handler }]) => [
            name,
            { priority: handler.priority, version: kongVersion },
          ]),
        ),
        enabled_in_cluster: [...new Set(entities().plugins.map(({ name }) => name))],
      },
    },
  })
}

/** `GET /status`: how this node is. */
export function nodeStatus({ configHash }: ControlPlane): Endpoint {
  return () => {
    const { rss, heapUsed } = process.memoryUsage()
    const memory = { process_rss: rss, control_plane_heap: heapUsed }
    return { status: 200, body: { database: { reachable: true }, configuration_hash: configHash(), memory } }
  }
}

/** `GET /plugins/enabled` */
export const enabledPlugins: Endpoints = {
  GET: () => ({ status: 200, body: { enabled_plugins: Object.keys(plugins) } }),
}
