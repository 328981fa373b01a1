import type { MetricObject } from 'prom-client'
import type { HealthNotice, HealthReport } from './balancer/health-view.ts'
import type { Address } from './config.ts'
import type { Entities } from './entities.ts'
import type { Environment } from './vault.ts'

/** What a worker begins with. */
export interface WorkerStart {
  proxy: Address
  /** Where clients speak TLS, if anywhere. */
  proxyTls: Address | undefined
  entities: Entities
  /** Memory of the counters that all workers share. */
  counters: SharedArrayBuffer
  env: Environment
  logLevel: string
  product: string
  nodeId: string
  /** Where each request is logged, if anywhere. */
  accessLog: string | undefined
  /** Targets that are known not to be in full health. */
  health: HealthNotice[]
}

export type ToWorker =
  | { type: 'entities'; version: number; entities: Entities }
  | { type: 'health'; notice: HealthNotice }
  | { type: 'metrics' }
  | { type: 'stop' }

export type FromWorker =
  | { type: 'listening' }
  | { type: 'applied'; version: number; failure: string | undefined }
  | { type: 'health'; report: HealthReport }
  | { type: 'metrics'; metrics: MetricObject[] }
