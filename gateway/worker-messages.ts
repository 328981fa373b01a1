import type { MetricObject } from 'prom-client'
import type { HealthNotice, HealthReport } from './balancer/health-view.ts'
import type { Change } from './changes.ts'
import type { Address } from './config.ts'
import type { Entities } from './entities.ts'
import type { Traffic } from './proxy/traffic.ts'
import type { TrustedProxiesConfig } from './proxy/trusted-proxies.ts'
import type { SharedMemory } from './shared-memory.ts'
import type { Environment } from './vault.ts'

/** What a worker begins with. */
export interface WorkerStart {
  proxy: Address
  /** Where clients speak TLS, if anywhere. */
  proxyTls: Address | undefined
  trustedProxies: TrustedProxiesConfig
  entities: Entities
  memory: SharedMemory
  env: Environment
  logLevel: string
  product: string
  nodeId: string
  /** Where each request is logged, if anywhere. */
  accessLog: string | undefined
  /** Targets that are known not to be in full health. */
  health: HealthNotice[]
}

/** What a worker says of itself. */
export interface WorkerFigures {
  /** Bytes. */
  heapUsed: number
  /** Those that it waits for. */
  timers: number
  traffic: Traffic
}

export type ToWorker =
  | { type: 'changes'; version: number; changes: Change[] }
  | { type: 'health'; notice: HealthNotice }
  | { type: 'metrics' }
  | { type: 'figures' }
  | { type: 'stop' }

export type FromWorker =
  | { type: 'listening' }
  | { type: 'applied'; version: number; failure: string | undefined }
  | { type: 'health'; report: HealthReport }
  | { type: 'metrics'; metrics: MetricObject[] }
  | { type: 'figures'; figures: WorkerFigures }
