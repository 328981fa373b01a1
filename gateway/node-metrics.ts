import { Gauge, Registry } from 'prom-client'
import type { Entities } from './entities.ts'
import { pendingTimers } from './pending-timers.ts'
import type { Occupancy } from './shared-memory.ts'
import type { Workers } from './workers.ts'

interface NodeMetricsOptions {
  workers: Pick<Workers, 'metrics' | 'figures' | 'health'>
  entities(): Entities
  /** Whether changes can be kept now. */
  isStoreReachable(): Promise<boolean>
  /** Of what the workers have in common. */
  occupancy(): Occupancy
  nodeId: string
  version: string
}

const STATES = ['healthchecks_off', 'healthy', 'unhealthy', 'dns_error']

/** Everything that `GET /metrics` tells: what the workers have counted, and what is so for the node, by Kong's names. */
export function createNodeMetrics(options: NodeMetricsOptions): () => Promise<string> {
  const { workers, entities, isStoreReachable, occupancy, nodeId, version } = options
  const registry = new Registry()
  const registers = [registry]
  new Gauge({ name: 'kong_node_info', help: 'The node', labelNames: ['node_id', 'version'], registers }).set(
    { node_id: nodeId, version },
    1,
  )
  const reachable = new Gauge({ name: 'kong_datastore_reachable', help: 'Whether changes can be kept', registers })
  const memory = new Gauge({
    name: 'kong_memory_workers_lua_vms_bytes',
    help: 'The heap of each worker, by the name that Kong has for its Lua machines',
    labelNames: ['node_id', 'pid', 'kong_subsystem'],
    registers,
  })
  const timers = new Gauge({
    name: 'kong_nginx_timers',
    help: 'Number of nginx timers',
    labelNames: ['state'],
    registers,
  })
  const sharedMemory = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['node_id', 'shared_dict', 'kong_subsystem'], registers })
  const shared = {
    used: sharedMemory('kong_memory_lua_shared_dict_bytes', 'What is taken of the memory that all workers share'),
    total: sharedMemory(
      'kong_memory_lua_shared_dict_total_bytes',
      'What there is of the memory that all workers share',
    ),
  }
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
    const all = (await workers.health.status()).flatMap(({ upstream, targets }) =>
      targets.map(({ target, addresses }) => ({ upstream: upstream.name, target: target.name, addresses })),
    )
    for (const { upstream, target, addresses } of all) {
      const known = addresses.map(({ ip, port, health }) => ({ address: `${ip}:${port}`, is: health.toLowerCase() }))
      for (const { address, is } of known.length > 0 ? known : [{ address: '', is: 'dns_error' }])
        for (const state of STATES)
          health.set({ upstream, target, address, state, subsystem: 'http' }, state === is ? 1 : 0)
    }
  }

  /** Workers are threads of one process: their place in it tells them apart. Between two timers none of them runs. */
  async function setFigures(): Promise<void> {
    const figures = await workers.figures()
    memory.reset()
    for (const [at, { heapUsed }] of figures.entries())
      memory.set({ node_id: nodeId, pid: `${process.pid}.${at + 1}`, kong_subsystem: 'http' }, heapUsed)
    timers.set({ state: 'running' }, 0)
    timers.set(
      { state: 'pending' },
      figures.reduce((sum, worker) => sum + worker.timers, pendingTimers()),
    )
  }

  function setSharedMemory(): void {
    for (const [shared_dict, { used, total }] of Object.entries(occupancy())) {
      const labels = { node_id: nodeId, shared_dict, kong_subsystem: 'http' }
      shared.used.set(labels, used)
      shared.total.set(labels, total)
    }
  }

  return async () => {
    setSharedMemory()
    await Promise.all([setHealth(), setFigures()])
    reachable.set((await isStoreReachable()) ? 1 : 0)
    return `${await registry.metrics()}${await workers.metrics()}`
  }
}
