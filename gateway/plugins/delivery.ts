import type { Log } from '../plugin.ts'
import type { QueueSettings } from './queue-fields.ts'

/** Where entries go. A rejection means that the same ones are to be tried again. */
export type Deliver<Entry> = (entries: Entry[]) => Promise<void>

export interface Persistence {
  /** For the log. */
  name: string
  settings: QueueSettings
  log: Log
  /** When it is aborted nothing waits any longer: entries are delivered now or never. */
  closing: AbortSignal
}

/** Tries again with growing pauses, until the time for it is over; then the entries are lost, and the log says so. */
export async function persist<Entry>(
  entries: Entry[],
  deliver: Deliver<Entry>,
  { name, settings, log, closing }: Persistence,
): Promise<void> {
  const startedAt = Date.now()
  for (let tries = 0; ; tries++) {
    try {
      await deliver(entries)
      return
    } catch (cause) {
      const reason = (cause as Error).message
      if (closing.aborted || Date.now() - startedAt > settings.max_retry_time * 1000) {
        log.error(`${name}: entries are lost`, { entries: entries.length, reason })
        return
      }
      if (tries === 0) log.warn(`${name}: entries could not be delivered, trying again`, { reason })
    }
    await pause(Math.min(settings.max_retry_delay, settings.initial_retry_delay * 2 ** tries), closing)
  }
}

export function pause(seconds: number, closing: AbortSignal): Promise<void> {
  if (closing.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(end, seconds * 1000)
    closing.addEventListener('abort', end)
    function end(): void {
      clearTimeout(timer)
      closing.removeEventListener('abort', end)
      resolve()
    }
  })
}
