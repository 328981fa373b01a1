import type { HealthRules } from '../entities.ts'

/** `mostly_…`: still taken for so, but there has been evidence of the other. */
export type Health = 'healthy' | 'mostly_healthy' | 'mostly_unhealthy' | 'unhealthy'

export type Evidence = 'successes' | 'http_failures' | 'tcp_failures' | 'timeouts'

/** How a try, or a check, has ended: an HTTP status (0: no HTTP at all), or none. */
export type Outcome = number | 'tcp_failure' | 'timeout'

/** A piece of evidence, and how many of its kind change a target's health. */
export interface Verdict {
  evidence: Evidence
  limit: number
}

export const isUp = (health: Health): boolean => health === 'healthy' || health === 'mostly_healthy'

/** What an outcome says by these rules; undefined where it says nothing. */
export function judge({ healthy, unhealthy }: HealthRules, outcome: Outcome): Verdict | undefined {
  const verdict = verdictOn(healthy, unhealthy, outcome)
  return verdict && verdict.limit > 0 ? verdict : undefined
}

function verdictOn(
  healthy: HealthRules['healthy'],
  unhealthy: HealthRules['unhealthy'],
  outcome: Outcome,
): Verdict | undefined {
  if (outcome === 'timeout') return { evidence: 'timeouts', limit: unhealthy.timeouts }
  if (outcome === 'tcp_failure') return { evidence: 'tcp_failures', limit: unhealthy.tcp_failures }
  if (healthy.http_statuses.includes(outcome)) return { evidence: 'successes', limit: healthy.successes }
  if (outcome === 0 || unhealthy.http_statuses.includes(outcome))
    return { evidence: 'http_failures', limit: unhealthy.http_failures }
  return undefined
}

/** Whether evidence is of no news to a target of this health. */
export function isOldNews(health: Health, evidence: Evidence): boolean {
  return health === (evidence === 'successes' ? 'healthy' : 'unhealthy')
}

/** Counts evidence for one address: every success forgets the failures, every failure the successes. */
export class HealthCount {
  health: Health = 'healthy'
  #counts: Partial<Record<Evidence, number>> = {}

  /** By hand: whatever was counted is forgotten. True when the health has changed. */
  set(health: 'healthy' | 'unhealthy'): boolean {
    const before = this.health
    this.health = health
    this.#counts = {}
    return health !== before
  }

  /** True when the health has changed. */
  add({ evidence, limit }: Verdict): boolean {
    if (isOldNews(this.health, evidence)) return false
    const before = this.health
    const success = evidence === 'successes'
    const count = (this.#counts[evidence] ?? 0) + 1
    this.#counts = success ? { successes: count } : { ...this.#counts, successes: 0, [evidence]: count }
    if (count >= limit) this.health = success ? 'healthy' : 'unhealthy'
    else if (before === 'healthy') this.health = 'mostly_healthy'
    else if (before === 'unhealthy') this.health = 'mostly_unhealthy'
    return this.health !== before
  }
}
