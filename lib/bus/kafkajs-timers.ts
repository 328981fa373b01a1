import { createRequire } from 'node:module'

interface RequestQueue {
  pending: unknown[]
  throttledUntil: number
  scheduleCheckPendingRequests(): void
}

/**
 * kafkajs 2.2.4 keeps a timer running on every connection even when nothing is pending and the broker has not
 * throttled us. Its delay comes out negative, so it fires every millisecond (and Node warns of it): a third of a
 * percent of a core for each idle connection. Only the useless case is left out here.
 */
const { prototype }: { prototype: RequestQueue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue')
const schedule = prototype.scheduleCheckPendingRequests
prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this)
}
