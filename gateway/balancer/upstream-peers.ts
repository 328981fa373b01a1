import type { Upstream } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import type { Choice } from './algorithm.ts'
import { hashValue } from './hash-value.ts'
import { judge, type Outcome } from './health.ts'
import type { HealthView, Place } from './health-view.ts'
import { observeLatency } from './least-loaded.ts'
import { NoPeer, type Peer, type PeerAt, type Peers, type TryFailure } from './peer.ts'
import type { Candidate } from './target.ts'
import type { Field } from './upstream-balancer.ts'

interface UpstreamPeersOptions {
  upstream: Upstream
  /** A promise where names have yet to be looked up. */
  read(): Field | Promise<Field>
  health: HealthView
  exchange: Exchange
  peerAt: PeerAt
}

const OUTCOMES = { refused: 'tcp_failure', failure: 'tcp_failure', timeout: 'timeout' } as const

/** The addresses of an upstream that one request tries, one after the other. */
export class UpstreamPeers implements Peers {
  readonly #options: UpstreamPeersOptions
  readonly #choice: Choice
  readonly #failed = new Set<Candidate>()
  #current: { candidate: Candidate; since: number } | undefined
  /** Who has refused the last try. */
  #refusing: Candidate | undefined
  #over = false

  constructor(options: UpstreamPeersOptions) {
    const { upstream, exchange } = options
    this.#options = options
    const hash = upstream.algorithm === 'consistent-hashing' ? hashValue(upstream, exchange) : ''
    this.#choice = { hash, failed: this.#failed, usable: (candidate) => this.#usable(candidate) }
  }

  next(): Peer | Promise<Peer> {
    const field = this.#options.read()
    return field instanceof Promise ? field.then((found) => this.#choose(found)) : this.#choose(field)
  }

  failed(how: TryFailure): void {
    if (this.#current) this.#failed.add(this.#current.candidate)
    this.#refusing = how === 'refused' ? this.#current?.candidate : undefined
    this.#leave(OUTCOMES[how])
  }

  /** Kong counts the last try by what the client was told. */
  ended(status: number | undefined): void {
    this.#over = true
    this.#leave(status === 504 ? 'timeout' : status)
  }

  #choose({ candidates, algorithm }: Field): Peer {
    const choice = this.#enoughHealth(candidates) ? algorithm(this.#choice) : undefined
    // In Kong refusals follow on each other faster than the news of them: where nobody else is left, the tries are used up.
    const candidate = choice ?? (this.#refusing && !this.#usable(this.#refusing) ? this.#refusing : undefined)
    if (!candidate) throw new NoPeer(503, 'failure to get a peer from the ring-balancer')
    if (!this.#over) {
      candidate.load.connections++
      this.#current = { candidate, since: Date.now() }
    }
    return this.#options.peerAt(candidate)
  }

  #leave(outcome: Outcome | undefined): void {
    if (!this.#current) return
    const { upstream, health } = this.#options
    const { candidate, since } = this.#current
    this.#current = undefined
    candidate.load.connections--
    if (upstream.algorithm === 'latency') observeLatency(candidate, Date.now() - since, Date.now())
    const verdict = outcome === undefined ? undefined : judge(upstream.healthchecks.passive, outcome)
    if (verdict) health.report({ ...this.#placeOf(candidate), verdict })
  }

  #usable(candidate: Candidate): boolean {
    const { health } = this.#options
    return health.isSpotless || health.isUp(this.#placeOf(candidate))
  }

  #placeOf({ target, ip, port }: Candidate): Place {
    return { upstream: this.#options.upstream.name, target: target.name, ip, port }
  }

  /** Kong's `threshold`: with no more than that percentage of the weight available, nobody is asked. */
  #enoughHealth(candidates: readonly Candidate[]): boolean {
    const { threshold } = this.#options.upstream.healthchecks
    if (threshold === 0) return true
    const weigh = (some: readonly Candidate[]) => some.reduce((sum, { weight }) => sum + weight, 0)
    const available = weigh(candidates.filter((candidate) => this.#usable(candidate)))
    return (available / weigh(candidates)) * 100 > threshold
  }
}
