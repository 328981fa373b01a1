import { isIP } from 'node:net'
import { type Found, find, type NameService, systemNameService } from './name-service.ts'

/** Milliseconds for which an answer is used where DNS does not say. */
const FRESH_FOR = 5_000
/** Kong's `dns_error_ttl`. */
const FAILED_FOR = 1_000

export interface Resolver {
  /**
   * What a host stands for; a promise only where that is not known yet, and a rejected one where it leads nowhere. As long as
   * nothing has changed, the answer is the same array.
   */
  resolve(host: string): readonly Found[] | Promise<readonly Found[]>
}

interface Entry {
  found: readonly Found[]
  staleAt: number
}

interface ResolverOptions {
  names?: NameService
  now?: () => number
}

export function createResolver({ names = systemNameService(), now = Date.now }: ResolverOptions = {}): Resolver {
  const known = new Map<string, Entry>()
  const failed = new Map<string, { until: number; refusal: Promise<never> }>()
  const asking = new Map<string, Promise<readonly Found[]>>()

  function refresh(host: string): Promise<readonly Found[]> {
    const running = asking.get(host)
    if (running) return running
    const question = ask(host).finally(() => asking.delete(host))
    asking.set(host, question)
    return question
  }

  async function ask(host: string): Promise<readonly Found[]> {
    try {
      const found = await find(host, names)
      const before = known.get(host)?.found
      const entry = { found: before && isSame(before, found) ? before : found, staleAt: now() + FRESH_FOR }
      known.set(host, entry)
      failed.delete(host)
      void prolong(host, entry)
      return entry.found
    } catch (error) {
      const refusal = Promise.reject(error)
      refusal.catch(() => undefined)
      failed.set(host, { until: now() + FAILED_FOR, refusal })
      throw error
    }
  }

  /** Nobody has to wait for it. */
  async function prolong(host: string, entry: Entry): Promise<void> {
    const asked = now()
    const seconds = await names.timeToLive(host).catch(() => undefined)
    if (seconds !== undefined && entry.found.every(({ port }) => port === undefined))
      entry.staleAt = asked + seconds * 1000
  }

  return {
    resolve(host) {
      if (isIP(host) !== 0) return [{ ip: host }]
      const entry = known.get(host)
      if (entry) {
        // A name service that is away must not take the upstream with it: the last answer stays in use.
        if (entry.staleAt <= now()) refresh(host).catch(() => undefined)
        return entry.found
      }
      const failure = failed.get(host)
      return failure && failure.until > now() ? failure.refusal : refresh(host)
    },
  }
}

const isSame = (one: readonly Found[], other: readonly Found[]) => JSON.stringify(one) === JSON.stringify(other)

/** None where the name leads nowhere. */
export async function addressesOf(host: string, resolver: Resolver): Promise<readonly Found[]> {
  try {
    return await resolver.resolve(host)
  } catch {
    return []
  }
}
