import type { HeaderList } from '../../http1/header-list.ts'

/** An answer as it is kept. Times are milliseconds since the epoch. */
export interface Kept {
  status: number
  headers: HeaderList
  body: Buffer
  storedAt: number
  /** In seconds, as the answer or the config says it. */
  freshFor: number
}

export interface Store {
  get(key: string): Kept | undefined
  /** `lifeSpan`: milliseconds. */
  set(key: string, kept: Kept, lifeSpan: number): void
}

export interface Bounds {
  /** Bytes, of everything that is kept. */
  total: number
  /** Bytes of one body. */
  body: number
}

/** Of each worker. */
export const BOUNDS: Bounds = { total: 64 * 1024 * 1024, body: 8 * 1024 * 1024 }

/** Roughly what an entry takes besides its texts. */
const OVERHEAD = 512

function sizeOf({ headers, body }: Kept): number {
  let size = OVERHEAD + body.length
  for (const list of [headers.names, headers.values]) for (const text of list) size += text.length
  return size
}

/** Answers in memory. What has not been asked for the longest makes room. */
export function createStore(now: () => number, { total }: Bounds = BOUNDS): Store {
  const entries = new Map<string, { kept: Kept; end: number; size: number }>()
  let size = 0

  function remove(key: string): void {
    size -= entries.get(key)?.size ?? 0
    entries.delete(key)
  }

  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      // Anew at the end: a Map tells its entries in the order in which they were put there.
      entries.delete(key)
      if (entry.end <= now()) {
        size -= entry.size
        return undefined
      }
      entries.set(key, entry)
      return entry.kept
    },

    set(key, kept, lifeSpan) {
      remove(key)
      const entry = { kept, end: now() + lifeSpan, size: sizeOf(kept) }
      entries.set(key, entry)
      size += entry.size
      for (const oldest of entries.keys()) {
        if (size <= total) return
        remove(oldest)
      }
    },
  }
}
