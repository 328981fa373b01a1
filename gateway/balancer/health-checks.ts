import type { Certificates } from '../certificates.ts'
import type { Certificate, Entities, Target, Upstream } from '../entities.ts'
import type { Log } from '../plugin.ts'
import { startActiveChecks } from './active-checks.ts'
import { type Health, HealthCount, isUp } from './health.ts'
import { type HealthNotice, type HealthReport, type Place, placeKey } from './health-view.ts'
import { addressesOf, type Resolver } from './resolver.ts'
import { type Address, addressesAt, type BalancedTarget, balancedTarget } from './target.ts'
import { isChecked, statusOf, type UpstreamStatus } from './upstream-status.ts'

/** The health of all targets of a node: what its workers see and what active checks find is counted here. */
export interface NodeHealth {
  /** Health is kept where upstream and target keep their names. */
  load(entities: Entities, certificates: Certificates): void
  report(report: HealthReport): void
  /** By hand, until checks find otherwise: every address of a target, or the one at `ip` and `port`. */
  set(target: Omit<Place, 'ip' | 'port'> & Partial<Place>, health: 'healthy' | 'unhealthy'): Promise<void>
  /** Every place that is not in full health. */
  blemished(): HealthNotice[]
  /** How all upstreams are. */
  status(): Promise<UpstreamStatus[]>
  close(): void
}

interface NodeHealthOptions {
  resolver: Resolver
  log: Log
  now?: () => number
  onChange(notice: HealthNotice): void
}

interface Watched {
  upstream: Upstream
  targets: BalancedTarget[]
  /** When it came, in milliseconds since the epoch; 0 where it was there from the beginning. */
  since: number
  /** Tells whether active checks may go on as they are. */
  fingerprint: string
  stop(): void
}

/** Milliseconds before an upstream's health is told. Kong's balancers notice a new upstream only after a while, and it says nothing until then. */
const SETTLING = 1_000

export function createNodeHealth({ resolver, log, now = Date.now, onChange }: NodeHealthOptions): NodeHealth {
  let watched = new Map<string, Watched>()
  let begun = false
  const counts = new Map<string, Place & { count: HealthCount }>()

  function countOf(place: Place): HealthCount {
    const known = counts.get(placeKey(place))
    if (known) return known.count
    const { upstream, target, ip, port } = place
    const count = new HealthCount()
    counts.set(placeKey(place), { upstream, target, ip, port, count })
    return count
  }

  /** `learn` gives whether the health has changed. */
  function change({ upstream, target, ip, port }: Place, learn: (count: HealthCount) => boolean): void {
    const place = { upstream, target, ip, port }
    if (!isWatched(place)) return
    const count = countOf(place)
    const before = isUp(count.health)
    if (!learn(count)) return
    onChange({ ...place, health: count.health })
    if (isUp(count.health) !== before) log.warn(`a target is ${count.health}`, place)
  }

  const report = ({ verdict, ...place }: HealthReport) => change(place, (count) => count.add(verdict))

  function isWatched({ upstream, target }: Place): boolean {
    const found = watched.get(upstream)
    return (
      found !== undefined && isChecked(found.upstream.healthchecks) && found.targets.some(({ name }) => name === target)
    )
  }

  async function addressesFor(target: BalancedTarget, upstream: Upstream): Promise<Address[]> {
    return addressesAt(target, await addressesOf(target.host, resolver), upstream)
  }

  const placeAt = (upstream: Upstream, { target, ip, port }: Address): Place => ({
    upstream: upstream.name,
    target: target.name,
    ip,
    port,
  })
  const healthAt = (place: Place): Health => counts.get(placeKey(place))?.count.health ?? 'healthy'

  function watch(upstream: Upstream, own: Target[], certificate: Certificate | undefined): Watched {
    const shown = certificate && { cert: certificate.cert, key: certificate.key }
    const fingerprint = JSON.stringify([upstream, own, shown])
    const before = watched.get(upstream.name)
    if (before?.fingerprint === fingerprint) return before
    before?.stop()
    const targets = own.map(balancedTarget)
    const checked = targets.filter(({ weight }) => weight > 0)
    const stop = startActiveChecks({
      upstream,
      shown,
      addresses: async () => (await Promise.all(checked.map((target) => addressesFor(target, upstream)))).flat(),
      healthOf: (address) => countOf(placeAt(upstream, address)).health,
      learn: (address, verdict) => report({ ...placeAt(upstream, address), verdict }),
    })
    return { upstream, targets, since: before?.since ?? (begun ? now() : 0), fingerprint, stop }
  }

  async function statusFor({ upstream, targets, since }: Watched): Promise<UpstreamStatus> {
    const located = await Promise.all(
      targets.map(async (target) => ({ target, addresses: await addressesFor(target, upstream) })),
    )
    const status = statusOf(upstream, located, (address) => isUp(healthAt(placeAt(upstream, address))))
    return { ...status, isSettled: now() - since >= SETTLING }
  }

  return {
    load({ upstreams, targets }, certificates) {
      const byUpstream = Map.groupBy(targets, ({ upstream }) => upstream.id)
      const watchOne = (upstream: Upstream) =>
        watch(upstream, byUpstream.get(upstream.id) ?? [], certificates.get(upstream.client_certificate?.id ?? ''))
      const next = new Map(upstreams.map((upstream) => [upstream.name, watchOne(upstream)]))
      for (const [name, { stop }] of watched) if (!next.has(name)) stop()
      watched = next
      begun = true
      for (const [key, place] of counts) {
        if (isWatched(place)) continue
        counts.delete(key)
        onChange({ ...place, health: 'healthy' })
      }
    },
    report,
    async set({ upstream: name, target: wanted, ip, port }, health) {
      const { upstream, targets } = watched.get(name) ?? {}
      const target = targets?.find((one) => one.name === wanted)
      if (!upstream || !target) return
      for (const address of await addressesFor(target, upstream))
        if (ip === undefined || (address.ip === ip && address.port === port))
          change(placeAt(upstream, address), (count) => count.set(health))
    },
    blemished: () =>
      [...counts.values()]
        .map(({ count, ...place }) => ({ ...place, health: count.health }))
        .filter(({ health }) => health !== 'healthy'),
    status: () => Promise.all([...watched.values()].map(statusFor)),
    close() {
      for (const { stop } of watched.values()) stop()
    },
  }
}
