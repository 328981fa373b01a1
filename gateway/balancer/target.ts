import type { Target, Upstream } from '../entities.ts'

/** A target of an upstream, with what the algorithms know of it. */
export interface BalancedTarget {
  /** As it was declared. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly weight: number
  /** For the Host header. */
  readonly hostname: string
  readonly load: Load
}

/** It outlives a reload, as long as the target does. */
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

export function balancedTarget({ target, weight }: Target, { host_header }: Upstream, load: Load): BalancedTarget {
  const { host, port } = splitTarget(target)
  return { name: target, host, port, weight, hostname: host_header ?? host, load }
}
