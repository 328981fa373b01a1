import type { NodeHealth } from '../balancer/health-checks.ts'
import type { Cache } from '../plugin.ts'
import type { WorkerFigures } from '../worker-messages.ts'

/** What the Admin API asks of the node that it runs on. */
export interface RunningNode {
  id: string
  /** All workers' metrics, in Prometheus' text format. */
  metrics(): Promise<string>
  /** Of each worker. */
  figures(): Promise<WorkerFigures[]>
  health: Pick<NodeHealth, 'status' | 'set'>
  /** Whether changes can be kept now. */
  isStoreReachable(): Promise<boolean>
  /** Where proxy-cache keeps its answers. */
  cache: Cache
}
