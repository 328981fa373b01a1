/** A GET; header names as they travel. */
export interface BenchRequest {
  path: string
  headers: Record<string, string>
}

export interface Aim {
  /** Scheme, host and port. */
  url: string
  /** Sent in turn. */
  requests: readonly BenchRequest[]
  connections: number
  seconds: number
}

interface Outcome {
  perSecond: number
  answered: number
  /** Refused, broken off or late. */
  failed: number
}

/** Latencies are in milliseconds. */
export type FlatOut = Outcome & { p50: number; p99: number }
export type Paced = Outcome & { p95: number }

export interface LoadGenerator {
  name: string
  /** Each connection sends its next request as soon as the last is answered. */
  flatOut(aim: Aim): Promise<FlatOut>
  /** About so many requests a second, evenly spread over the connections. */
  paced(aim: Aim, perSecond: number): Promise<Paced>
}
