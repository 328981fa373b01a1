import type { Upstream } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import type { Algorithm, Choice } from './algorithm.ts'
import { hashValue } from './hash-value.ts'
import { judge, type Outcome } from './health.ts'
import type { HealthView } from './health-view.ts'
import { observeLatency } from './least-loaded.ts'
import { NoPeer, type Peer, type PeerAt, type Peers, type TryFailure } from './peer.ts'
import type { Resolver } from './resolver.ts'
import type { BalancedTarget } from './target.ts'

interface UpstreamPeersOptions {
  upstream: Upstream
  targets: readonly BalancedTarget[]
  algorithm: Algorithm
  resolver: Resolver
  health: HealthView
  exchange: Exchange
  peerAt: PeerAt
}

const OUTCOMES = { failure: 'tcp_failure', timeout: 'timeout', stale: undefined } as const

/** The targets of an upstream that one request tries, one after the other. */
export class UpstreamPeers implements Peers {
  readonly #options: UpstreamPeersOptions
  readonly #choice: Choice
  readonly #failed = new Set<BalancedTarget>()
  /** Targets whose names lead nowhere at the moment. */
  readonly #unresolved = new Set<BalancedTarget>()
  #current: { target: BalancedTarget; ip: string; since: number } | undefined
  #over = false

  constructor(options: UpstreamPeersOptions) {
    const { upstream, exchange } = options
    this.#options = options
    const hash = upstream.algorithm === 'consistent-hashing' ? hashValue(upstream, exchange) : ''
    this.#choice = { hash, failed: this.#failed, usable: (target) => this.#usable(target) }
  }

  next(): Peer | Promise<Peer> {
    const { algorithm, resolver } = this.#options
    const target = this.#enoughHealth() ? algorithm(this.#choice) : undefined
    if (!target) throw new NoPeer(503, 'failure to get a peer from the ring-balancer')
    const addresses = resolver.resolve(target.host)
    return addresses instanceof Promise ? this.#later(target, addresses) : this.#begin(target, addresses)
  }

  failed(how: TryFailure): void {
    if (this.#current && how !== 'stale') this.#failed.add(this.#current.target)
    this.#leave(OUTCOMES[how])
  }

  /** Kong counts the last try by what the client was told. */
  ended(status: number | undefined): void {
    this.#over = true
    this.#leave(status === 504 ? 'timeout' : status)
  }

  async #later(target: BalancedTarget, question: Promise<readonly string[]>): Promise<Peer> {
    let addresses: readonly string[]
    try {
      addresses = await question
    } catch {
      this.#unresolved.add(target)
      return this.next()
    }
    return this.#begin(target, addresses)
  }

  #begin(target: BalancedTarget, addresses: readonly string[]): Peer {
    const { load, host, port, hostname } = target
    const usable = addresses.filter((address) => this.#isUp(target, address))
    const ip = (usable[load.connections % usable.length] ?? addresses[0] ?? host) as string
    if (!this.#over) {
      load.connections++
      this.#current = { target, ip, since: Date.now() }
    }
    return this.#options.peerAt({ ip, port, hostname })
  }

  #leave(outcome: Outcome | undefined): void {
    if (!this.#current) return
    const { upstream, health } = this.#options
    const { target, ip, since } = this.#current
    this.#current = undefined
    target.load.connections--
    if (upstream.algorithm === 'latency') observeLatency(target, Date.now() - since, Date.now())
    const verdict = outcome === undefined ? undefined : judge(upstream.healthchecks.passive, outcome)
    if (verdict) health.report({ upstream: upstream.name, target: target.name, ip, verdict })
  }

  #usable(target: BalancedTarget): boolean {
    if (this.#unresolved.has(target)) return false
    const { health, resolver } = this.#options
    if (health.isSpotless) return true
    const addresses = resolver.known(target.host)
    return addresses.length === 0 || addresses.some((address) => this.#isUp(target, address))
  }

  #isUp({ name }: BalancedTarget, ip: string): boolean {
    return this.#options.health.isUp({ upstream: this.#options.upstream.name, target: name, ip })
  }

  /** Kong's `threshold`: with too little of the weight available nobody is asked; hashing keeps to its targets regardless. */
  #enoughHealth(): boolean {
    const { upstream, targets } = this.#options
    const { threshold } = upstream.healthchecks
    if (threshold === 0 || upstream.algorithm === 'consistent-hashing') return true
    const weigh = (some: readonly BalancedTarget[]) => some.reduce((sum, { weight }) => sum + weight, 0)
    const available = weigh(targets.filter((target) => this.#usable(target)))
    return (available / weigh(targets)) * 100 > threshold
  }
}
