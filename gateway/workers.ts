import { Worker } from 'node:worker_threads'
import { AggregatorRegistry, type MetricObject } from 'prom-client'
import type { Entities } from './entities.ts'
import type { Log } from './plugin.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'

export interface Workers {
  /** Resolves when every worker serves these entities; rejects with the reason of one that cannot. */
  apply(entities: Entities): Promise<void>
  /** The metrics of all workers, added up, in Prometheus' text format. */
  metrics(): Promise<string>
  /** Lets every request under way finish; resolves when all workers have ended. */
  stop(): Promise<void>
}

interface WorkersOptions {
  count: number
  start: WorkerStart
  log: Log
}

/** Starts the data plane; resolves when all workers accept connections. A worker that dies is replaced. */
export async function startWorkers({ count, start, log }: WorkersOptions): Promise<Workers> {
  const living = new Set<Worker>()
  let entities = start.entities
  let version = 0
  let stopping = false

  async function startOne(): Promise<void> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { ...start, entities } })
    living.add(worker)
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
      version++
      entities = next
      const message: ToWorker = { type: 'entities', version, entities: next }
      await Promise.all([...living].map((worker) => applyTo(worker, message)))
    },

    async metrics() {
      const all = await Promise.all([...living].map(metricsOf))
      return AggregatorRegistry.aggregate(all).metrics()
    },

    async stop() {
      stopping = true
      await Promise.all([...living].map((worker) => ended(worker)))
    },
  }
}

async function applyTo(worker: Worker, message: Extract<ToWorker, { type: 'entities' }>): Promise<void> {
  worker.postMessage(message)
  const reply = await told(worker, (told) => told.type === 'applied' && told.version === message.version)
  if (reply.type === 'applied' && reply.failure !== undefined) throw new Error(reply.failure)
}

async function metricsOf(worker: Worker): Promise<MetricObject[]> {
  const message: ToWorker = { type: 'metrics' }
  worker.postMessage(message)
  const reply = await told(worker, ({ type }) => type === 'metrics')
  return reply.type === 'metrics' ? reply.metrics : []
}

function ended(worker: Worker): Promise<void> {
  const message: ToWorker = { type: 'stop' }
  worker.postMessage(message)
  return new Promise((resolve) => worker.once('exit', () => resolve()))
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
