import type { Exchange, ResponseHead } from '../../exchange.ts'
import { type Directives, freshness, readDirectives, seconds } from './directives.ts'
import { covers, type MediaType, parseMediaType } from './media-type.ts'
import type { Kept } from './store.ts'

export interface Policy {
  response_code: readonly number[]
  request_method: readonly string[]
  mediaTypes: readonly MediaType[]
  /** In seconds. */
  cache_ttl: number
  cache_control: boolean
}

const wholeSeconds = (time: number) => Math.floor(time / 1000)

export const ageOf = ({ storedAt }: Kept, now: number): number => wholeSeconds(now) - wholeSeconds(storedAt)

export function mayBeAnswered(policy: Policy, { upstream }: Exchange, asked: Directives): boolean {
  if (!policy.request_method.includes(upstream.method)) return false
  // As in Kong, whoever has a token shares what is kept with all others of the same consumer, whatever RFC 9111 §3.5 says.
  return !policy.cache_control || (!asked.has('no-store') && !asked.has('no-cache'))
}

/** Whether the client, or without `cache_control` the config, takes what is kept. */
export function isFreshEnough(policy: Policy, asked: Directives, kept: Kept, now: number): boolean {
  const age = ageOf(kept, now)
  if (!policy.cache_control) return age <= policy.cache_ttl
  return (
    age <= (seconds(asked, 'max-age') ?? Infinity) &&
    age - kept.freshFor <= (seconds(asked, 'max-stale') ?? Infinity) &&
    kept.freshFor - age >= (seconds(asked, 'min-fresh') ?? -Infinity)
  )
}

/** For how many seconds the answer is fresh; undefined where it may not be kept. */
export function keepable(policy: Policy, { status, headers }: ResponseHead, now: number): number | undefined {
  if (!policy.response_code.includes(status)) return undefined
  const type = parseMediaType(headers.get('content-type') ?? '')
  if (type === undefined || !policy.mediaTypes.some((wanted) => covers(wanted, type))) return undefined
  if (!policy.cache_control) return policy.cache_ttl
  const said = readDirectives(headers.getAll('cache-control'))
  if (said.has('private') || said.has('no-store') || said.has('no-cache')) return undefined
  return freshness(said, headers.getAll('expires').at(-1), now) || undefined
}
