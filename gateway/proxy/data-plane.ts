import type { AccessLog } from '../access-log.ts'
import type { Balancer } from '../balancer/balancer.ts'
import type { Log } from '../plugin.ts'
import type { Runner } from '../plugins/runner.ts'
import type { Router } from '../router/router.ts'
import type { TlsContexts } from './tls-contexts.ts'
import type { Traffic } from './traffic.ts'
import type { TrustedProxies } from './trusted-proxies.ts'
import type { UpstreamPool } from './upstream-pool.ts'
import type { WriteBatch } from './write-batch.ts'

/** Everything that a config means for traffic. A request keeps to the one that it began with. */
export interface Snapshot {
  router: Router
  runner: Runner
  balancer: Balancer
  tlsContexts: TlsContexts
}

/** How long a client may keep its connection waiting, in milliseconds. */
export interface Patience {
  /** For a whole head; from one read of a body to the next; for a client that does not read its answer. */
  request: number
  /** Between two requests. */
  idle: number
  /** For what is still arriving when the last answer has been sent. */
  linger: number
}

/** nginx's client_header_timeout, client_body_timeout and send_timeout; keepalive_timeout; lingering_timeout. */
export const PATIENCE: Patience = { request: 60_000, idle: 75_000, linger: 5_000 }

/** What a worker gives to every request. */
export interface DataPlane {
  /** Of the config in force. */
  snapshot: Snapshot
  readonly pool: UpstreamPool
  readonly writes: WriteBatch
  readonly patience: Patience
  /** Who may ask in others' names. */
  readonly proxies: TrustedProxies
  /** How the gateway names itself in Server and Via. */
  readonly product: string
  readonly log: Log
  readonly traffic: Traffic
  /** Of requests; undefined where nobody wants one. */
  readonly accessLog: AccessLog | undefined
}
