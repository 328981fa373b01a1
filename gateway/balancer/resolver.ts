import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** How long an answer of the name service is used before it is asked again, in the background. */
const FRESH_FOR = 5_000

export interface Resolver {
  /** The addresses of a host; a promise only where the name has not been resolved yet. Rejects when it cannot be. */
  resolve(host: string): readonly string[] | Promise<readonly string[]>
  /** What is known of a host without asking anybody. */
  known(host: string): readonly string[]
}

interface Entry {
  addresses: readonly string[]
  staleAt: number
}

type Lookup = (host: string) => Promise<{ address: string; family: number }[]>

const systemLookup: Lookup = (host) => lookup(host, { all: true })

/** Names by the system's rules (hosts file, search domains); IPv4 addresses where there are any, as in Kong's `dns_order`. */
export function createResolver({
  ask = systemLookup,
  now = Date.now,
}: {
  ask?: Lookup
  now?: () => number
} = {}): Resolver {
  const known = new Map<string, Entry>()
  const asking = new Map<string, Promise<readonly string[]>>()

  function refresh(host: string): Promise<readonly string[]> {
    const running = asking.get(host)
    if (running) return running
    const question = askFor(host).finally(() => asking.delete(host))
    asking.set(host, question)
    return question
  }

  async function askFor(host: string): Promise<readonly string[]> {
    const found = await ask(host)
    const preferred = found.filter(({ family }) => family === 4)
    const addresses = (preferred.length > 0 ? preferred : found).map(({ address }) => address)
    known.set(host, { addresses, staleAt: now() + FRESH_FOR })
    return addresses
  }

  return {
    resolve(host) {
      if (isIP(host) !== 0) return [host]
      const entry = known.get(host)
      if (!entry) return refresh(host)
      // A name service that is away must not take the upstream with it: the last answer stays in use.
      if (entry.staleAt <= now()) refresh(host).catch(() => undefined)
      return entry.addresses
    },
    known: (host) => (isIP(host) !== 0 ? [host] : (known.get(host)?.addresses ?? [])),
  }
}

/** None where the name leads nowhere. */
export async function addressesOf(host: string, resolver: Resolver): Promise<readonly string[]> {
  try {
    return await resolver.resolve(host)
  } catch {
    return []
  }
}
