import { Gauge, Registry } from 'prom-client'
import type { Entities } from './entities.ts'
import type { Workers } from './workers.ts'

interface NodeMetricsOptions {
  workers: Pick<Workers, 'metrics' | 'targetHealth'>
  entities(): Entities
  nodeId: string
  version: string
}

const STATES = ['healthchecks_off', 'healthy', 'unhealthy', 'dns_error']

/** Everything that `GET /metrics` tells: what the workers have counted, and what is so for the node, by Kong's names. */
export function createNodeMetrics({ workers, entities, nodeId, version }: NodeMetricsOptions): () => Promise<string> {
  const registry = new Registry()
  const registers = [registry]
  new Gauge({ name: 'kong_node_info', help: 'The node', labelNames: ['node_id', 'version'], registers }).set(
    { node_id: nodeId, version },
    1,
  )
  new Gauge({ name: 'kong_datastore_reachable', help: 'Whether the config can be read', registers }).set(1)
  const health = new Gauge({
    name: 'kong_upstream_target_health',
    help: 'Health of the addresses of targets: 1 for the state that each is in',
    labelNames: ['upstream', 'target', 'address', 'state', 'subsystem'],
    registers,
  })

  const isHealthWanted = () =>
    entities().plugins.some(
      ({ name, enabled, config }) => name === 'prometheus' && enabled && config.upstream_health_metrics === true,
    )

  async function setHealth(): Promise<void> {
    health.reset()
    if (!isHealthWanted()) return
    for (const { upstream, target, addresses } of await workers.targetHealth()) {
      const known = addresses.map(({ ip, port, health }) => ({ address: `${ip}:${port}`, is: health.toLowerCase() }))
      for (const { address, is } of known.length > 0 ? known : [{ address: '', is: 'dns_error' }])
        for (const state of STATES)
          health.set({ upstream, target, address, state, subsystem: 'http' }, state === is ? 1 : 0)
    }
  }

  return async () => {
    await setHealth()
    return `${await registry.metrics()}${await workers.metrics()}`
  }
}
