import type { Field } from '../declarative/schema.ts'

/** How plugins that send what they have gathered may be told to queue it. Times are in seconds. */
export interface QueueSettings {
  max_batch_size: number
  /** After the first entry of a batch, for the others to come. */
  max_coalescing_delay: number
  /** What waits beyond these goes lost, the oldest first. */
  max_entries: number
  max_bytes: number | null
  max_retry_time: number
  initial_retry_delay: number
  max_retry_delay: number
  /** 1: one batch after the other. -1: every entry by itself at once. */
  concurrency_limit: 1 | -1
}

export const queue = (defaults: Partial<QueueSettings> = {}): { queue: Field } => ({
  queue: {
    type: 'record',
    required: true,
    ...(Object.keys(defaults).length > 0 && { default: defaults }),
    fields: [
      { max_batch_size: { type: 'integer', default: 1, between: [1, 1_000_000] } },
      { max_coalescing_delay: { type: 'number', default: 1, between: [0, 3600] } },
      { max_entries: { type: 'integer', default: 10_000, between: [1, 1_000_000] } },
      { max_bytes: { type: 'integer' } },
      { max_retry_time: { type: 'number', default: 60 } },
      { initial_retry_delay: { type: 'number', default: 0.01, between: [0.001, 1_000_000] } },
      { max_retry_delay: { type: 'number', default: 60, between: [0.001, 1_000_000] } },
      { concurrency_limit: { type: 'integer', default: 1, one_of: [-1, 1] } },
    ],
  },
})

/** The value of a setting's earlier name, and what its default was. */
interface Former {
  value: number | null
  default: number
}

/** Two settings had other names before. What is declared there counts, unless it is the default of its time. */
export function withFormer(
  queue: QueueSettings,
  former: { max_batch_size: Former; max_coalescing_delay: Former },
): QueueSettings {
  const declared = Object.entries(former).filter(([, { value, default: usual }]) => value !== null && value !== usual)
  return { ...queue, ...Object.fromEntries(declared.map(([name, { value }]) => [name, value])) }
}
