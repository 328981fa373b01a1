import type { Exchange } from '../../exchange.ts'
import type { Plugin } from '../../plugin.ts'
import { createOriginCheck, isPlain } from './origins.ts'
import { METHODS } from './schema.ts'

interface Config {
  origins: string[] | null
  headers: string[] | null
  exposed_headers: string[] | null
  methods: string[] | null
  max_age: number | null
  credentials: boolean
  private_network: boolean
  preflight_continue: boolean
}

interface Prepared extends Config {
  /** What every client is told, whatever its origin. */
  fixed: string | undefined
  allowed: (origin: string) => string | undefined
}

/** What an answer says about the client's origin. */
interface Verdict {
  allowOrigin: string | undefined
  credentials: boolean
  /** How many times `Vary: Origin` is added. */
  vary: number
}

const ANY = '*'

/** Preflights answer for themselves, here or in the upstream: the header filter leaves them alone. */
const preflights = new WeakSet<Exchange>()

function judge({ fixed, allowed, credentials }: Prepared, origin: string | undefined): Verdict {
  const allowOrigin = fixed ?? (origin ? allowed(origin) : undefined)
  const vary = fixed === ANY ? 0 : 1
  if (!credentials) return { allowOrigin, credentials, vary }
  if (allowOrigin !== ANY) return { allowOrigin, credentials, vary }
  // A browser takes no credentials along to `*`: the origin itself has to be named.
  return origin === undefined
    ? { allowOrigin, credentials: false, vary }
    : { allowOrigin: origin, credentials, vary: vary + 1 }
}

function prepare(config: Config): Prepared {
  const origins = config.origins ?? []
  const [first = ANY] = origins
  const single = origins.length <= 1 && (first === ANY || isPlain(first))
  const check = createOriginCheck(origins.includes(ANY) ? [] : origins)
  return { ...config, fixed: single ? first : undefined, allowed: origins.includes(ANY) ? () => ANY : check }
}

export const handler: Plugin<Config, Prepared> = {
  name: 'cors',
  priority: 2000,
  prepare,

  access(config, exchange) {
    const { method, headers } = exchange.request
    const origin = headers.get('origin')
    if (method !== 'OPTIONS' || origin === undefined || !headers.has('access-control-request-method')) return undefined
    preflights.add(exchange)
    if (config.preflight_continue) return undefined

    const verdict = judge(config, origin)
    const allowHeaders = config.headers?.length
      ? config.headers.join(',')
      : headers.get('access-control-request-headers')
    const privateNetwork =
      config.private_network && headers.get('access-control-request-private-network') === 'true' ? 'true' : undefined
    const answer: Record<string, string | undefined> = {
      'Access-Control-Allow-Origin': verdict.allowOrigin,
      Vary: verdict.vary > 0 ? 'Origin' : undefined,
      'Access-Control-Allow-Credentials': verdict.credentials ? 'true' : undefined,
      'Access-Control-Allow-Headers': allowHeaders,
      'Access-Control-Allow-Methods': (config.methods ?? METHODS).join(','),
      'Access-Control-Max-Age': config.max_age?.toString(),
      'Access-Control-Allow-Private-Network': privateNetwork,
    }
    const present = Object.entries(answer).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return { status: 200, headers: Object.fromEntries(present) }
  },

  headerFilter(config, exchange) {
    if (preflights.has(exchange)) return
    const { headers } = exchange.response
    const verdict = judge(config, exchange.request.headers.get('origin'))
    for (let added = 0; added < verdict.vary; added++) headers.append('Vary', 'Origin')
    if (verdict.allowOrigin !== undefined) headers.set('Access-Control-Allow-Origin', verdict.allowOrigin)
    else headers.delete('access-control-allow-origin')
    if (verdict.credentials) headers.set('Access-Control-Allow-Credentials', 'true')
    if (config.exposed_headers?.length) headers.set('Access-Control-Expose-Headers', config.exposed_headers.join(','))
  },
}
