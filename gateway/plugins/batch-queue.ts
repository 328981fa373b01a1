import type { Gateway } from '../plugin.ts'
import { type Deliver, type Persistence, pause, persist } from './delivery.ts'
import type { QueueSettings } from './queue-fields.ts'

/** What makes a queue. Instances with the same key share one. */
export interface QueueRecipe<Entry> {
  key: string
  /** For the log. */
  name: string
  settings: QueueSettings
  deliver: Deliver<Entry>
}

interface BatchQueue<Entry> {
  add(entry: Entry, size: number): void
}

const queuesOf = new WeakMap<Gateway, Map<string, BatchQueue<never>>>()

/**
 * Delivers what requests leave behind, in their order and in batches, while requests go on. A queue belongs to its worker and
 * not to the config: order is kept over a reload. `size` is in bytes.
 */
export function enqueue<Entry>(gateway: Gateway, recipe: QueueRecipe<Entry>, entry: Entry, size: number): void {
  const queues = queuesOf.get(gateway) ?? new Map<string, BatchQueue<never>>()
  queuesOf.set(gateway, queues)
  let queue = queues.get(recipe.key) as BatchQueue<Entry> | undefined
  if (queue === undefined) {
    queue = createBatchQueue(recipe, gateway, () => queues.delete(recipe.key))
    queues.set(recipe.key, queue)
  }
  queue.add(entry, size)
}

function createBatchQueue<Entry>(
  { name, settings, deliver }: QueueRecipe<Entry>,
  { log, closing }: Gateway,
  onEmpty: () => void,
): BatchQueue<Entry> {
  const { max_coalescing_delay, max_entries, max_bytes, concurrency_limit } = settings
  const persistence: Persistence = { name, settings, log, closing }
  const batchSize = concurrency_limit === 1 ? settings.max_batch_size : 1
  const mostRunning = concurrency_limit === 1 ? 1 : max_entries
  const waiting: { entry: Entry; size: number }[] = []
  let bytes = 0
  let running = 0
  let lost = 0
  let filled = (): void => undefined

  function take(count: number): Entry[] {
    const taken = waiting.splice(0, count)
    for (const { size } of taken) bytes -= size
    return taken.map(({ entry }) => entry)
  }

  function makeRoom(size: number): void {
    while (waiting.length >= max_entries || (max_bytes !== null && bytes + size > max_bytes)) {
      if (lost === 0) log.error(`${name}: the queue is full, its oldest entries are lost`)
      lost += take(1).length
    }
  }

  async function coalesce(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    filled = resolve
    await Promise.race([promise, pause(max_coalescing_delay, closing)])
  }

  async function drain(): Promise<void> {
    running++
    while (waiting.length > 0) {
      if (waiting.length < batchSize) await coalesce()
      await persist(take(batchSize), deliver, persistence)
      if (lost > 0) log.warn(`${name}: the queue moves on`, { lost })
      lost = 0
    }
    running--
    if (running === 0) onEmpty()
  }

  return {
    add(entry, size) {
      if (max_bytes !== null && size > max_bytes) {
        log.error(`${name}: an entry is larger than the whole queue may be, and lost`, { size })
        return
      }
      makeRoom(size)
      waiting.push({ entry, size })
      bytes += size
      if (waiting.length >= batchSize) filled()
      if (running < mostRunning) void drain()
    },
  }
}
