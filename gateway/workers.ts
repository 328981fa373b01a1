import { Worker } from 'node:worker_threads'
import { AggregatorRegistry, type MetricObject } from 'prom-client'
import { createNodeHealth, type TargetHealth } from './balancer/health-checks.ts'
import { createResolver } from './balancer/resolver.ts'
import { readCertificates } from './certificates.ts'
import type { Entities } from './entities.ts'
import type { Log } from './plugin.ts'
import { createVault } from './vault.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'

export interface Workers {
  /** Resolves when every worker serves these entities; rejects with the reason of one that cannot, and then nothing has changed. */
  apply(entities: Entities): Promise<void>
  /** The metrics of all workers, added up, in Prometheus' text format. */
  metrics(): Promise<string>
  /** How the targets of all upstreams are. */
  targetHealth(): Promise<TargetHealth[]>
  /** Lets every request under way finish; resolves when all workers have ended. */
  stop(): Promise<void>
}

interface WorkersOptions {
  count: number
  start: Omit<WorkerStart, 'health'>
  log: Log
}

/** Starts the data plane; resolves when all workers accept connections. A worker that dies is replaced. */
export async function startWorkers({ count, start, log }: WorkersOptions): Promise<Workers> {
  const living = new Set<Worker>()
  let entities = start.entities
  let version = 0
  let stopping = false
  const health = createNodeHealth({
    resolver: createResolver(),
    log,
    onChange(notice) {
      for (const worker of living) send(worker, { type: 'health', notice })
    },
  })
  const loadHealth = (next: Entities) =>
    health.load(next, readCertificates(next, createVault({ env: start.env, vaults: next.vaults })))
  loadHealth(entities)

  async function startOne(): Promise<void> {
    const workerData: WorkerStart = { ...start, entities, health: health.blemished() }
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData })
    living.add(worker)
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'health') health.report(message.report)
    })
    worker.on('error', (cause) => log.error('a worker has died', { cause }))
    worker.on('exit', () => living.delete(worker))
    await told(worker, (message) => message.type === 'listening')
    worker.on('exit', () => {
      if (!stopping) startOne().catch((cause) => log.error('a worker cannot be replaced', { cause }))
    })
  }

  await Promise.all(Array.from({ length: count }, startOne))

  return {
    async apply(next) {
      const outcomes = await Promise.allSettled([...living].map((worker) => applyTo(worker, next, ++version)))
      const refusal = outcomes.find(({ status }) => status === 'rejected')
      if (refusal?.status === 'rejected') {
        // A worker that cannot even go back is replaced by one that begins with what is in force.
        const back = [...living].map((worker) => applyTo(worker, entities, ++version).catch(() => worker.terminate()))
        await Promise.all(back)
        throw refusal.reason
      }
      entities = next
      loadHealth(next)
    },

    async metrics() {
      const all = await Promise.all([...living].map(metricsOf))
      return AggregatorRegistry.aggregate(all).metrics()
    },

    targetHealth: health.targets,

    async stop() {
      stopping = true
      health.close()
      await Promise.all([...living].map((worker) => ended(worker)))
    },
  }
}

async function applyTo(worker: Worker, entities: Entities, version: number): Promise<void> {
  send(worker, { type: 'entities', version, entities })
  const reply = await told(worker, (told) => told.type === 'applied' && told.version === version)
  if (reply.type === 'applied' && reply.failure !== undefined) throw new Error(reply.failure)
}

async function metricsOf(worker: Worker): Promise<MetricObject[]> {
  send(worker, { type: 'metrics' })
  const reply = await told(worker, ({ type }) => type === 'metrics')
  return reply.type === 'metrics' ? reply.metrics : []
}

function ended(worker: Worker): Promise<void> {
  send(worker, { type: 'stop' })
  return new Promise((resolve) => worker.once('exit', () => resolve()))
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message)
}

/** The next message of a kind; rejects when the worker ends first. */
function told(worker: Worker, wanted: (message: FromWorker) => boolean): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    function onMessage(message: FromWorker) {
      if (wanted(message)) settle(() => resolve(message))
    }
    function onError(cause: unknown) {
      settle(() => reject(cause))
    }
    function onExit() {
      settle(() => reject(new Error('the worker has ended')))
    }
    function settle(how: () => void) {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      how()
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
  })
}
