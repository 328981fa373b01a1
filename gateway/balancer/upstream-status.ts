import { isIPv6 } from 'node:net'
import type { HealthChecks, Upstream } from '../entities.ts'
import type { Address, BalancedTarget } from './target.ts'

export type TargetCondition = 'HEALTHY' | 'UNHEALTHY' | 'HEALTHCHECKS_OFF' | 'DNS_ERROR'

export interface Weights {
  total: number
  unavailable: number
  available: number
}

export interface AddressStatus {
  ip: string
  port: number
  weight: number
  up: boolean
  health: TargetCondition
}

/** How one target of an upstream is, as Kong's Admin API and metrics say it. */
export interface TargetStatus {
  target: BalancedTarget
  health: TargetCondition
  /** The kind of record that its addresses come from. */
  dns: string
  weights: Weights
  addresses: AddressStatus[]
}

export interface UpstreamStatus {
  upstream: Upstream
  isChecked: boolean
  /** Whether it has been there long enough for its health to be told. */
  isSettled: boolean
  /** Whether enough weight is available for requests. */
  isUp: boolean
  weights: Weights
  targets: TargetStatus[]
}

/** Kong's rule of when health is looked after at all. */
export function isChecked({ active, passive }: HealthChecks): boolean {
  const { tcp_failures, timeouts, http_failures } = passive.unhealthy
  const limits = [active.healthy.interval, active.unhealthy.interval, tcp_failures, timeouts, http_failures]
  return limits.some((limit) => limit !== 0)
}

/** `isUp`: whether an address is taken for healthy. */
export function statusOf(
  upstream: Upstream,
  targets: readonly { target: BalancedTarget; addresses: readonly Address[] }[],
  isUp: (address: Address) => boolean,
): Omit<UpstreamStatus, 'isSettled'> {
  const checked = isChecked(upstream.healthchecks)
  const described = targets.map(({ target, addresses }) => describe(target, addresses, isUp, checked))
  const weights = sum(described.flatMap(({ addresses }) => addresses))
  const available = weights.total > 0 ? (weights.available / weights.total) * 100 : 0
  return {
    upstream,
    isChecked: checked,
    isUp: available > upstream.healthchecks.threshold,
    weights,
    targets: described,
  }
}

function describe(
  target: BalancedTarget,
  own: readonly Address[],
  isUp: (address: Address) => boolean,
  checked: boolean,
): TargetStatus {
  const condition = (up: boolean): TargetCondition => {
    if (!checked || target.weight === 0) return 'HEALTHCHECKS_OFF'
    return up ? 'HEALTHY' : 'UNHEALTHY'
  }
  const addresses = own.map((address) => {
    const { ip, port, weight } = address
    const up = isUp(address)
    return { ip, port, weight, up, health: condition(up) }
  })
  const health = addresses.length === 0 ? 'DNS_ERROR' : condition(addresses.some(({ up }) => up))
  return { target, health, dns: recordKind(own), weights: sum(addresses), addresses }
}

/** Kong's names; a name that leads nowhere has the error in their place. */
function recordKind([first]: readonly Address[]): string {
  if (!first) return 'dns server error: 3 name error'
  if (first.isService) return 'SRV'
  return isIPv6(first.ip) ? 'AAAA' : 'A'
}

function sum(addresses: readonly AddressStatus[]): Weights {
  const weigh = (some: readonly AddressStatus[]) => some.reduce((total, { weight }) => total + weight, 0)
  const total = weigh(addresses)
  const available = weigh(addresses.filter(({ up }) => up))
  return { total, unavailable: total - available, available }
}
