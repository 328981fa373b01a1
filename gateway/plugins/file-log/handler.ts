import type { Gateway, Plugin } from '../../plugin.ts'
import { enqueue, type QueueRecipe } from '../batch-queue.ts'
import { type CustomFields, customFields, type DeclaredFields } from '../custom-fields.ts'
import { logEntry } from '../log-entry.ts'
import type { QueueSettings } from '../queue-fields.ts'
import { type AppendedFiles, createAppendedFiles } from './append.ts'

interface Config {
  path: string
  reopen: boolean
  custom_fields_by_lua: DeclaredFields
}

interface Prepared {
  recipe: QueueRecipe<string>
  custom: CustomFields
}

/** Lines are written as soon as those before them are, all that wait at once. */
const SETTINGS: QueueSettings = {
  max_batch_size: 1000,
  max_coalescing_delay: 0,
  max_entries: 100_000,
  max_bytes: 64 * 1024 * 1024,
  max_retry_time: 10,
  initial_retry_delay: 0.01,
  max_retry_delay: 1,
  concurrency_limit: 1,
}

const filesOf = new WeakMap<Gateway, AppendedFiles>()

export const handler: Plugin<Config, Prepared> = {
  name: 'file-log',
  priority: 9,

  prepare({ path, reopen, custom_fields_by_lua }, gateway) {
    const files = filesOf.get(gateway) ?? createAppendedFiles()
    filesOf.set(gateway, files)
    const recipe: QueueRecipe<string> = {
      key: `file-log ${reopen} ${path}`,
      name: `file-log to ${path}`,
      settings: SETTINGS,
      // Whole lines in one write: other workers append to the same file.
      deliver: (lines) => files.append(path, reopen, lines.join('')),
    }
    return { recipe, custom: customFields(custom_fields_by_lua) }
  },

  log({ recipe, custom }, exchange, gateway) {
    const line = `${JSON.stringify(logEntry(exchange, custom))}\n`
    enqueue(gateway, recipe, line, Buffer.byteLength(line))
  },
}
