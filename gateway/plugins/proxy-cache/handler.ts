import type { Answer, Exchange } from '../../exchange.ts'
import { HeaderList } from '../../http1/header-list.ts'
import type { Gateway, Plugin } from '../../plugin.ts'
import { cacheKey, type Variance } from './cache-key.ts'
import { isUnchanged } from './conditions.ts'
import { readDirectives } from './directives.ts'
import { parseMediaType } from './media-type.ts'
import { ageOf, isFreshEnough, keepable, mayBeAnswered, type Policy } from './policy.ts'
import { createStore, type Kept, LONGEST_BODY, type Store } from './store.ts'

interface Config extends Variance, Omit<Policy, 'mediaTypes'> {
  content_type: string[]
  /** In seconds. */
  storage_ttl: number | null
  response_headers: Record<'age' | 'X-Cache-Status' | 'X-Cache-Key', boolean>
}

interface Prepared extends Config, Policy {
  store: Store
}

function prepare(config: Config, { cache }: Gateway): Prepared {
  const store = createStore(cache)
  const mediaTypes = config.content_type.map(parseMediaType).filter((type) => type !== undefined)
  return { ...config, store, mediaTypes }
}

/** The answer that is to be kept when it has come. */
interface Awaited {
  key: string
  /** Known with its head. */
  kept: Omit<Kept, 'body'> | undefined
  pieces: Buffer[]
  length: number
}

const awaitedBy = new WeakMap<Exchange, Awaited>()

type Diagnosis = keyof Config['response_headers']

const isShown = ({ response_headers }: Config, { request }: Exchange, name: Diagnosis) =>
  response_headers[name] || request.headers.has('kong-debug')

function tell(config: Config, exchange: Exchange, name: Diagnosis, value: string): void {
  if (!isShown(config, exchange, name)) return
  exchange.answerHeaders ??= new HeaderList()
  exchange.answerHeaders.set(name, value)
}

/** RFC 9111 §3.1, and what each answer says for itself; of who has passed it on, nothing is told on a hit. */
const NOT_KEPT = new RegExp(
  '^(?:connection|keep-alive|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|content-length|' +
    'age|via|x-cache-status|x-cache-key)$|ratelimit-remaining',
)

/** The kept answer once more. Where plugins have already said something today, that stands in place of what was kept. */
function again(config: Config, exchange: Exchange, kept: Kept, now: number): Answer {
  const headers: Record<string, string[]> = {}
  for (const [at, key] of kept.headers.keys.entries()) {
    if (exchange.answerHeaders?.has(key)) continue
    const name = kept.headers.names[at] as string
    headers[name] = [...(headers[name] ?? []), kept.headers.values[at] as string]
  }
  tell(config, exchange, 'age', String(ageOf(kept, now)))
  tell(config, exchange, 'X-Cache-Status', 'Hit')
  if (!isUnchanged(exchange.upstream.headers, kept))
    return { status: kept.status, body: kept.body, headers, source: 'service' }
  const described = Object.entries(headers).filter(([name]) => !OF_THE_BODY.has(name.toLowerCase()))
  return { status: 304, body: '', headers: Object.fromEntries(described), source: 'service' }
}

/** What nginx leaves out of a 304. */
const OF_THE_BODY = new Set(['content-type', 'content-encoding', 'accept-ranges'])

export const handler: Plugin<Config, Prepared> = {
  name: 'proxy-cache',
  priority: 100,
  prepare,

  access(config, exchange, gateway) {
    const asked = readDirectives(exchange.upstream.headers.getAll('cache-control'))
    if (!mayBeAnswered(config, exchange, asked)) {
      tell(config, exchange, 'X-Cache-Status', 'Bypass')
      return undefined
    }
    const key = cacheKey(config, exchange)
    tell(config, exchange, 'X-Cache-Key', key)
    const now = gateway.now()
    const kept = config.store.get(key)
    if (kept && isFreshEnough(config, asked, kept, now)) return again(config, exchange, kept, now)
    // RFC 9111 §5.2.1.7
    if (!kept && config.cache_control && asked.has('only-if-cached')) return { status: 504 }
    awaitedBy.set(exchange, { key, kept: undefined, pieces: [], length: 0 })
    tell(config, exchange, 'X-Cache-Status', kept ? 'Refresh' : 'Miss')
    return undefined
  },

  headerFilter(config, exchange, gateway) {
    const awaited = awaitedBy.get(exchange)
    if (awaited === undefined) return
    const { response } = exchange
    const storedAt = gateway.now()
    const freshFor = keepable(config, response, storedAt)
    if (freshFor === undefined) {
      awaitedBy.delete(exchange)
      if (isShown(config, exchange, 'X-Cache-Status')) response.headers.set('X-Cache-Status', 'Bypass')
      return
    }
    const headers = response.headers.without(new Set())
    headers.deleteWhere((key) => NOT_KEPT.test(key))
    awaited.kept = { status: response.status, headers, storedAt, freshFor }
  },

  bodyFilter(config, exchange, piece, last) {
    const awaited = awaitedBy.get(exchange)
    if (awaited?.kept === undefined) return piece
    awaited.length += piece.length
    // An answer to HEAD has no body, and none that is longer than it may be is kept in part.
    if (exchange.request.method === 'HEAD' || awaited.length > LONGEST_BODY) awaitedBy.delete(exchange)
    else awaited.pieces.push(piece)
    if (!last || !awaitedBy.has(exchange)) return piece
    const lifeSpan = 1000 * (config.storage_ttl ?? awaited.kept.freshFor)
    config.store.set(awaited.key, { ...awaited.kept, body: Buffer.concat(awaited.pieces) }, lifeSpan)
    return piece
  },
}
