import type { Plugin } from '../../plugin.ts'
import { enqueue, type QueueRecipe } from '../batch-queue.ts'
import { type CustomFields, customFields, type DeclaredFields } from '../custom-fields.ts'
import { logEntry } from '../log-entry.ts'
import { createPoster } from '../post-http.ts'
import { type QueueSettings, withFormer } from '../queue-fields.ts'

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
  custom_fields_by_lua: DeclaredFields
}

interface Prepared {
  recipe: QueueRecipe<string>
  custom: CustomFields
}

function prepare(config: Config): Prepared {
  return { recipe: recipeOf(config), custom: customFields(config.custom_fields_by_lua) }
}

function recipeOf(config: Config): QueueRecipe<string> {
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
  const settings = withFormer(queue, {
    max_batch_size: { value: queue_size, default: 1 },
    max_coalescing_delay: { value: flush_timeout, default: 2 },
  })
  return {
    key: `http-log ${JSON.stringify(config)}`,
    name: `http-log to ${host}${pathname}`,
    settings,
    deliver: (entries) =>
      poster.post(settings.max_batch_size === 1 ? (entries[0] as string) : `[${entries.join(',')}]`),
  }
}

export const handler: Plugin<Config, Prepared> = {
  name: 'http-log',
  priority: 12,
  prepare,

  log({ recipe, custom }, exchange, gateway) {
    const entry = JSON.stringify(logEntry(exchange, custom))
    enqueue(gateway, recipe, entry, Buffer.byteLength(entry))
  },
}
