import { Worker } from 'node:worker_threads'
import { AggregatorRegistry, type MetricObject } from 'prom-client'
import { createNodeHealth, type NodeHealth } from './balancer/health-checks.ts'
import { createResolver } from './balancer/resolver.ts'
import { readCertificates } from './certificates.ts'
import { type Change, changesBetween } from './changes.ts'
import type { Entities } from './entities.ts'
import type { Log } from './plugin.ts'
import { createVault } from './vault.ts'
import type { FromWorker, ToWorker, WorkerFigures, WorkerStart } from './worker-messages.ts'

export interface Workers {
  /** Resolves when every worker serves these entities; rejects with the reason of one that cannot, and then nothing has changed. */
  apply(entities: Entities): Promise<void>
  /** The metrics of all workers, added up, in Prometheus' text format. */
  metrics(): Promise<string>
  /** Of each worker. */
  figures(): Promise<WorkerFigures[]>
  /** Of the targets of all upstreams. */
  readonly health: Pick<NodeHealth, 'status' | 'set'>
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
  /** With what each of them has been told to serve. */
  const living = new Map<Worker, Entities>()
  let entities = start.entities
  let version = 0
  let stopping = false
  const health = createNodeHealth({
    resolver: createResolver(),
    log,
    onChange(notice) {
      for (const worker of living.keys()) send(worker, { type: 'health', notice })
    },
  })
  const loadHealth = (next: Entities) =>
    health.load(next, readCertificates(next, createVault({ env: start.env, vaults: next.vaults })))
  loadHealth(entities)

  async function startOne(): Promise<void> {
    const workerData: WorkerStart = { ...start, entities, health: health.blemished() }
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData })
    living.set(worker, entities)
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'health') health.report(message.report)
    })
    worker.on('error', (cause) => log.error('a worker has died', { cause }))
    worker.on('exit', () => living.delete(worker))
    await told(worker, (message) => message.type === 'listening')
    worker.on('exit', () => {
      if (!stopping) startOne().catch((cause) => log.error('a worker cannot be replaced', { cause }))
    })
    // The config may have changed while it started.
    await bring(worker, entities)
  }

  async function bring(worker: Worker, next: Entities): Promise<void> {
    const before = living.get(worker) ?? entities
    const changes = changesBetween(before, next)
    if (changes.length === 0) return
    living.set(worker, next)
    try {
      await applyTo(worker, changes, ++version)
    } catch (error) {
      if (living.has(worker)) living.set(worker, before)
      throw error
    }
  }

  await Promise.all(Array.from({ length: count }, startOne))

  return {
    async apply(next) {
      const outcomes = await Promise.allSettled([...living.keys()].map((worker) => bring(worker, next)))
      const refusal = outcomes.find(({ status }) => status === 'rejected')
      if (refusal?.status === 'rejected') {
        // A worker that cannot even go back is replaced by one that begins with what is in force.
        await Promise.all([...living.keys()].map((worker) => bring(worker, entities).catch(() => worker.terminate())))
        throw refusal.reason
      }
      entities = next
      loadHealth(next)
    },

    async metrics() {
      const all = await Promise.all([...living.keys()].map(metricsOf))
      return AggregatorRegistry.aggregate(all).metrics()
    },

    figures: async () => (await Promise.all([...living.keys()].map(figuresOf))).flat(),

    health,

    async stop() {
      stopping = true
      health.close()
      await Promise.all([...living.keys()].map(ended))
    },
  }
}

async function applyTo(worker: Worker, changes: Change[], version: number): Promise<void> {
  send(worker, { type: 'changes', version, changes })
  const reply = await told(worker, (told) => told.type === 'applied' && told.version === version)
  if (reply.type === 'applied' && reply.failure !== undefined) throw new Error(reply.failure)
}

async function metricsOf(worker: Worker): Promise<MetricObject[]> {
  send(worker, { type: 'metrics' })
  const reply = await told(worker, ({ type }) => type === 'metrics')
  return reply.type === 'metrics' ? reply.metrics : []
}

async function figuresOf(worker: Worker): Promise<WorkerFigures[]> {
  send(worker, { type: 'figures' })
  const reply = await told(worker, ({ type }) => type === 'figures')
  return reply.type === 'figures' ? [reply.figures] : []
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
