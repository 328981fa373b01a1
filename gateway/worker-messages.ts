import type { MetricObject } from 'prom-client'
import type { Entities } from './entities.ts'
import type { Environment } from './vault.ts'

/** What a worker begins with. */
export interface WorkerStart {
  proxy: { host: string; port: number }
  entities: Entities
  /** Memory of the counters that all workers share. */
  counters: SharedArrayBuffer
  env: Environment
  logLevel: string
  product: string
}

export type ToWorker =
  | { type: 'entities'; version: number; entities: Entities }
  | { type: 'metrics' }
  | { type: 'stop' }

export type FromWorker =
  | { type: 'listening' }
  | { type: 'applied'; version: number; failure: string | undefined }
  | { type: 'metrics'; metrics: MetricObject[] }
