import { AggregatorRegistry, Gauge, type MetricObject, type Registry } from 'prom-client'

/** One registry's metrics, as they travel between threads. */
export type MetricsSnapshot = MetricObject[]

export async function snapshotMetrics(registry: Registry): Promise<MetricsSnapshot> {
  return structuredClonable(await registry.getMetricsAsJSON())
}

const structuredClonable = (metrics: unknown): MetricsSnapshot => JSON.parse(JSON.stringify(metrics))

/** The text that `GET /metrics` serves: what the workers and the control plane have counted, added up. */
export function exposeMetrics(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics()
}

const CONNECTION_STATES = ['accepted', 'active', 'handled', 'reading', 'total', 'waiting', 'writing'] as const
const TARGET_STATES = ['healthchecks_off', 'healthy', 'unhealthy', 'dns_error'] as const

/** What only the node as a whole knows. */
export interface NodeState {
  connections: Partial<Record<(typeof CONNECTION_STATES)[number], number>>
  targets: { upstream: string; target: string; address: string; state: (typeof TARGET_STATES)[number] }[]
}

/** Kong's metrics of a node, read when they are asked for. */
export function createNodeMetrics(options: {
  registry: Registry
  nodeId: string
  version: string
  state: () => NodeState
}) {
  const { registry, nodeId, version, state } = options
  const registers = [registry]
  const node = { node_id: nodeId, subsystem: 'http' }
  new Gauge({ name: 'kong_node_info', help: 'This node', labelNames: ['node_id', 'version'], registers }).set(
    { node_id: nodeId, version },
    1,
  )
  new Gauge({ name: 'kong_datastore_reachable', help: '1 while the config store can be reached', registers }).set(1)
  new Gauge({
    name: 'kong_nginx_connections_total',
    help: 'Client connections by state',
    labelNames: ['node_id', 'subsystem', 'state'],
    registers,
    collect() {
      const { connections } = state()
      for (const name of CONNECTION_STATES) this.set({ ...node, state: name }, connections[name] ?? 0)
    },
  })
  new Gauge({
    name: 'kong_nginx_requests_total',
    help: 'Requests since the start',
    labelNames: ['node_id', 'subsystem'],
    registers,
    collect() {
      this.set(node, state().connections.total ?? 0)
    },
  })
  new Gauge({
    name: 'kong_upstream_target_health',
    help: 'Health of upstream targets: 1 for the state that a target is in',
    labelNames: ['upstream', 'target', 'address', 'state', 'subsystem'],
    registers,
    collect() {
      this.reset()
      for (const { state: current, ...target } of state().targets)
        for (const name of TARGET_STATES)
          this.set({ ...target, state: name, subsystem: 'http' }, name === current ? 1 : 0)
    },
  })
}
