import type { Plugin } from '../../plugin.ts'
import { enqueue, type QueueRecipe } from '../batch-queue.ts'
import { logEntry } from '../log-entry.ts'
import { createPoster } from '../post-http.ts'
import type { QueueSettings } from '../queue-fields.ts'

interface Config {
  http_endpoint: string
  method: string
  content_type: string
  /** In milliseconds, as `keepalive`. */
  timeout: number
  keepalive: number
  headers: Record<string, string> | null
  queue: QueueSettings
  /** The names that two of the queue's settings had before. */
  queue_size: number | null
  flush_timeout: number | null
}

function prepare(config: Config): QueueRecipe<string> {
  const { http_endpoint, method, content_type, timeout, keepalive, headers, queue, queue_size, flush_timeout } = config
  const { username, password, host, pathname } = new URL(http_endpoint)
  const userInfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const poster = createPoster({
    url: http_endpoint,
    method,
    timeout,
    keepalive,
    headers: {
      ...headers,
      'Content-Type': content_type,
      ...(username !== '' && { Authorization: `Basic ${Buffer.from(userInfo).toString('base64')}` }),
    },
  })
  const settings = {
    ...queue,
    max_batch_size: queue_size ?? queue.max_batch_size,
    max_coalescing_delay: flush_timeout ?? queue.max_coalescing_delay,
  }
  return {
    key: `http-log ${JSON.stringify(config)}`,
    name: `http-log to ${host}${pathname}`,
    settings,
    deliver: (entries) =>
      poster.post(settings.max_batch_size === 1 ? (entries[0] as string) : `[${entries.join(',')}]`),
  }
}

export const handler: Plugin<Config, QueueRecipe<string>> = {
  name: 'http-log',
  priority: 12,
  prepare,

  log(recipe, exchange, gateway) {
    const entry = JSON.stringify(logEntry(exchange))
    enqueue(gateway, recipe, entry, Buffer.byteLength(entry))
  },
}
