import type { Balancer } from '../balancer/balancer.ts'
import type { Runner } from '../plugins/runner.ts'
import type { Router } from '../router/router.ts'

/** Everything that a config means for traffic. A request keeps to the one it began with. */
export interface Snapshot {
  router: Router
  runner: Runner
  balancer: Balancer
}
