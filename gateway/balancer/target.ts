import { isIPv6 } from 'node:net'
import type { Target, Upstream } from '../entities.ts'
import type { Found } from './name-service.ts'

/** A target of an upstream, as it was declared. */
export interface BalancedTarget {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly weight: number
}

/** One address of a target. */
export interface Address {
  readonly target: BalancedTarget
  readonly ip: string
  readonly port: number
  readonly weight: number
  /** For the Host header. */
  readonly hostname: string
  /** Whether an SRV record leads here. */
  readonly isService: boolean
}

/** An address with what the algorithms know of it. */
export interface Candidate extends Address {
  readonly load: Load
}

/** It outlives a reload, as long as the address does. */
export interface Load {
  /** Requests under way. */
  connections: number
  /** Milliseconds: recent answers weigh more. Undefined before the first. */
  latency: number | undefined
  latencyAt: number
}

export const newLoad = (): Load => ({ connections: 0, latency: undefined, latencyAt: 0 })

const TARGET = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/
/** Kong's port of a target that names none. */
const TARGET_PORT = 8000

/** `host:port`, an IPv6 address in brackets. */
export function splitTarget(target: string): { host: string; port: number } {
  const [, host = target, port] = TARGET.exec(target) ?? []
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port ?? TARGET_PORT) }
}

/** As Kong keeps it: with its port, and an IPv6 address in full. */
export function completeTarget(target: string): string {
  const { host, port } = splitTarget(target)
  return `${isIPv6(host) ? `[${inFull(host)}]` : host}:${port}`
}

function inFull(address: string): string {
  const [before = [], after = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const omitted = Array<string>(8 - before.length - after.length).fill('')
  return [...before, ...omitted, ...after].map((group) => group.toLowerCase().padStart(4, '0')).join(':')
}

export function balancedTarget({ target, weight }: Target): BalancedTarget {
  return { name: target, ...splitTarget(target), weight }
}

/** The addresses that a target's name stands for: each with the whole weight of the target, unless SRV records give it its own. */
export function addressesAt(target: BalancedTarget, found: readonly Found[], upstream: Upstream): Address[] {
  return found.map(({ ip, port, weight, name }) => ({
    target,
    ip,
    port: port || target.port,
    weight: weight ?? target.weight,
    isService: name !== undefined,
    hostname: upstream.host_header ?? ((upstream.use_srv_name && name) || target.host),
  }))
}

export const addressKey = ({ target, ip, port }: Address): string => `${target.name} ${ip} ${port}`
