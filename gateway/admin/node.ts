import { hostname } from 'node:os'
import { plugins } from '../plugins/registry.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Endpoint, Endpoints } from './reply.ts'
import type { RunningNode } from './running-node.ts'

/** The version of Kong whose behaviour the gateway has; its tools choose by it what they send. */
export const kongVersion = '3.9.1'

/**
 * `GET /`: what this node is. Kong's tools take `database: postgres` for a gateway whose entities can be changed one by one, as
 * they can here wherever they are kept.
 */
export function nodeInformation({ entities }: ControlPlane, node: RunningNode): Endpoint {
  return async () => ({
    status: 200,
    body: {
      version: kongVersion,
      edition: 'community',
      tagline: 'Jade Palace gateway',
      hostname: hostname(),
      node_id: node.id,
      // Workers are threads of one process.
      pids: { master: process.pid, workers: (await node.figures()).map(() => process.pid) },
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

/** `GET /plugins/enabled` */
export const enabledPlugins: Endpoints = {
  GET: () => ({ status: 200, body: { enabled_plugins: Object.keys(plugins) } }),
}
