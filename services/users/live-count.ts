import { PassThrough, type Readable } from 'node:stream'
import type { Log } from '../../lib/log.ts'

const EVERY_MS = 2_000
const MAX_LISTENERS = 200
/** A browser comes back by itself; its session may have ended meanwhile, and then the gateway refuses it. */
const LIFETIME_MS = 5 * 60_000

export type LiveCount = ReturnType<typeof createLiveCount>

/**
 * Tells a count to all who listen, as server-sent events: asked for once for all of them, and not at all while nobody
 * listens. One who reads too slowly misses counts, and holds up nothing.
 */
export function createLiveCount({ count, log }: { count: () => Promise<number>; log: Log }) {
  const listeners = new Set<PassThrough>()
  let timer: NodeJS.Timeout | undefined
  let latest = ''

  async function tell(): Promise<void> {
    try {
      latest = `data: ${JSON.stringify({ perMinute: await count() })}\n\n`
    } catch (error) {
      log.warn('no live count', { error })
      return
    }
    for (const listener of listeners) if (!listener.writableNeedDrain) listener.write(latest)
  }

  function leave(listener: PassThrough): void {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
    latest = ''
  }

  return {
    /** Undefined where too many listen already. */
    listen(): Readable | undefined {
      if (listeners.size >= MAX_LISTENERS) return undefined
      const listener = new PassThrough()
      listeners.add(listener)
      const end = setTimeout(() => listener.end(), LIFETIME_MS)
      listener.on('close', () => {
        clearTimeout(end)
        leave(listener)
      })
      if (latest) listener.write(latest)
      if (!timer) {
        timer = setInterval(tell, EVERY_MS)
        tell()
      }
      return listener
    },
    /** Ends all streams, so that their requests are over. */
    stop(): void {
      for (const listener of listeners) listener.end()
    },
  }
}
