import { HeaderList } from '../../http1/header-list.ts'
import type { Cache } from '../../plugin.ts'

/** An answer as it is kept. Times are milliseconds since the epoch. */
export interface Kept {
  status: number
  headers: HeaderList
  body: Buffer
  storedAt: number
  /** In seconds, as the answer or the config says it. */
  freshFor: number
}

/** Bytes of a body; a longer one is not kept. */
export const LONGEST_BODY = 8 * 1024 * 1024

/** Everything but the body, as it is written down. */
interface Head extends Pick<Kept, 'status' | 'storedAt' | 'freshFor'> {
  names: readonly string[]
  values: readonly string[]
}

/** Answers in the node's cache, which all workers and the Admin API see. */
export interface Store extends Pick<Cache, 'delete' | 'clear'> {
  get(key: string): Kept | undefined
  /** `lifeSpan`: milliseconds. */
  set(key: string, kept: Kept, lifeSpan: number): void
}

export function createStore(cache: Cache): Store {
  return {
    delete: cache.delete,
    clear: cache.clear,
    get(key) {
      const bytes = cache.get(key)
      return bytes && read(bytes)
    },
    set: (key, kept, lifeSpan) => cache.set(key, written(kept), lifeSpan),
  }
}

const LENGTH = Uint32Array.BYTES_PER_ELEMENT

/** The length of the head, the head, the body. */
function written({ status, headers, body, storedAt, freshFor }: Kept): Buffer {
  const { names, values } = headers
  const text: Head = { status, storedAt, freshFor, names, values }
  const head = Buffer.from(JSON.stringify(text))
  const length = Buffer.alloc(LENGTH)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, body])
}

function read(bytes: Buffer): Kept {
  const end = LENGTH + bytes.readUInt32LE()
  const { names, values, ...head }: Head = JSON.parse(bytes.toString('utf8', LENGTH, end))
  const headers = new HeaderList()
  for (const [at, name] of names.entries()) headers.add(name.toLowerCase(), name, values[at] as string)
  return { ...head, headers, body: bytes.subarray(end) }
}
