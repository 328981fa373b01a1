import type { Certificates } from '../certificates.ts'
import type { Certificate, Entities, HealthChecks, Target, Upstream } from '../entities.ts'
import type { Log } from '../plugin.ts'
import { startActiveChecks } from './active-checks.ts'
import { type Health, HealthCount, isUp } from './health.ts'
import { type HealthNotice, type HealthReport, type Place, placeKey } from './health-view.ts'
import { addressesOf, type Resolver } from './resolver.ts'
import { type BalancedTarget, balancedTarget, newLoad } from './target.ts'

/** How one target of an upstream is, as Kong's Admin API and metrics say it. */
export interface TargetHealth {
  upstream: string
  target: string
  weight: number
  health: TargetCondition
  addresses: { ip: string; port: number; health: TargetCondition }[]
}
export type TargetCondition = 'HEALTHY' | 'UNHEALTHY' | 'HEALTHCHECKS_OFF' | 'DNS_ERROR'

/** The health of all targets of a node: what its workers see and what active checks find is counted here. */
export interface NodeHealth {
  /** Health is kept where upstream and target keep their names. */
  load(entities: Entities, certificates: Certificates): void
  report(report: HealthReport): void
  /** Every place that is not in full health. */
  blemished(): HealthNotice[]
  targets(): Promise<TargetHealth[]>
  close(): void
}

interface NodeHealthOptions {
  resolver: Resolver
  log: Log
  onChange(notice: HealthNotice): void
}

interface Watched {
  upstream: Upstream
  targets: BalancedTarget[]
  /** Tells whether active checks may go on as they are. */
  fingerprint: string
  stop(): void
}

export function createNodeHealth({ resolver, log, onChange }: NodeHealthOptions): NodeHealth {
  let watched = new Map<string, Watched>()
  const counts = new Map<string, Place & { count: HealthCount }>()

  function countOf(place: Place): HealthCount {
    const known = counts.get(placeKey(place))
    if (known) return known.count
    const { upstream, target, ip } = place
    const count = new HealthCount()
    counts.set(placeKey(place), { upstream, target, ip, count })
    return count
  }

  function report({ verdict, ...place }: HealthReport): void {
    if (!isWatched(place)) return
    const count = countOf(place)
    const before = isUp(count.health)
    if (!count.add(verdict)) return
    onChange({ ...place, health: count.health })
    if (isUp(count.health) !== before) log.warn(`a target is ${count.health}`, { ...place })
  }

  function isWatched({ upstream, target }: Place): boolean {
    const found = watched.get(upstream)
    return (
      found !== undefined && isChecked(found.upstream.healthchecks) && found.targets.some(({ name }) => name === target)
    )
  }

  function watch(upstream: Upstream, own: Target[], certificate: Certificate | undefined): Watched {
    const shown = certificate && { cert: certificate.cert, key: certificate.key }
    const fingerprint = JSON.stringify([upstream, own, shown])
    const before = watched.get(upstream.name)
    if (before?.fingerprint === fingerprint) return before
    before?.stop()
    const targets = own.map((target) => balancedTarget(target, upstream, newLoad()))
    const place = ({ name }: BalancedTarget, ip: string) => ({ upstream: upstream.name, target: name, ip })
    const stop = startActiveChecks({
      upstream,
      targets: targets.filter(({ weight }) => weight > 0),
      resolver,
      shown,
      healthOf: (target, ip) => countOf(place(target, ip)).health,
      learn: (target, ip, verdict) => report({ ...place(target, ip), verdict }),
    })
    return { upstream, targets, fingerprint, stop }
  }

  return {
    load({ upstreams, targets }, certificates) {
      const byUpstream = Map.groupBy(targets, ({ upstream }) => upstream.id)
      const watchOne = (upstream: Upstream) =>
        watch(upstream, byUpstream.get(upstream.id) ?? [], certificates.get(upstream.client_certificate?.id ?? ''))
      const next = new Map(upstreams.map((upstream) => [upstream.name, watchOne(upstream)]))
      for (const [name, { stop }] of watched) if (!next.has(name)) stop()
      watched = next
      for (const [key, place] of counts) {
        if (isWatched(place)) continue
        counts.delete(key)
        onChange({ ...place, health: 'healthy' })
      }
    },
    report,
    blemished: () =>
      [...counts.values()]
        .map(({ count, ...place }) => ({ ...place, health: count.health }))
        .filter(({ health }) => health !== 'healthy'),
    targets() {
      const healthOf = (place: Place) => counts.get(placeKey(place))?.count.health ?? 'healthy'
      const all = [...watched.values()].flatMap(({ upstream, targets }) =>
        targets.map((target) => describeTarget({ upstream, target, resolver, healthOf })),
      )
      return Promise.all(all)
    },
    close() {
      for (const { stop } of watched.values()) stop()
    },
  }
}

interface Described {
  upstream: Upstream
  target: BalancedTarget
  resolver: Resolver
  healthOf(place: Place): Health
}

async function describeTarget({ upstream, target, resolver, healthOf }: Described): Promise<TargetHealth> {
  const { name, host, port, weight } = target
  const condition = (up: boolean) => {
    if (!isChecked(upstream.healthchecks)) return 'HEALTHCHECKS_OFF'
    return up ? 'HEALTHY' : 'UNHEALTHY'
  }
  const known = (await addressesOf(host, resolver)).map((ip) => ({
    ip,
    up: isUp(healthOf({ upstream: upstream.name, target: name, ip })),
  }))
  return {
    upstream: upstream.name,
    target: name,
    weight,
    health: known.length === 0 ? 'DNS_ERROR' : condition(known.some(({ up }) => up)),
    addresses: known.map(({ ip, up }) => ({ ip, port, health: condition(up) })),
  }
}

/** Kong's rule of when health is looked after at all. */
function isChecked({ active, passive }: HealthChecks): boolean {
  const { tcp_failures, timeouts, http_failures } = passive.unhealthy
  const limits = [active.healthy.interval, active.unhealthy.interval, tcp_failures, timeouts, http_failures]
  return limits.some((limit) => limit !== 0)
}
