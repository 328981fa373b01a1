import { boundedQueue } from './bounded-queue.ts'

/** Runs works of the same key one after another; no more than `length` wait for one key. */
export function createTurns({ length }: { length: number }) {
  const queues = new Map<string, { run: ReturnType<typeof boundedQueue>; works: number }>()

  return async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = queues.get(key) ?? { run: boundedQueue({ concurrency: 1, length }), works: 0 }
    queues.set(key, queue)
    queue.works++
    try {
      return await queue.run(work)
    } finally {
      if (--queue.works === 0) queues.delete(key)
    }
  }
}
