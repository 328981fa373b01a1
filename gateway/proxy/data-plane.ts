import type { Balancer } from '../balancer/balancer.ts'
import type { Log } from '../plugin.ts'
import type { Runner } from '../plugins/runner.ts'
import type { Router } from '../router/router.ts'
import type { UpstreamPool } from './upstream-pool.ts'
import type { WriteBatch } from './write-batch.ts'

/** Everything that a config means for traffic. A request keeps to the one that it began with. */
export interface Snapshot {
  router: Router
  runner: Runner
  balancer: Balancer
}

/** What a worker gives to every request. */
export interface DataPlane {
  /** Of the config in force. */
  snapshot: Snapshot
  readonly pool: UpstreamPool
  readonly writes: WriteBatch
  readonly listenPort: number
  /** How the gateway names itself in Server and Via. */
  readonly product: string
  readonly log: Log
}
