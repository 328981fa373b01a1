import type { Peer } from '../balancer/peer.ts'
import { UpstreamConnection, type UpstreamListener } from './upstream-connection.ts'
import type { WriteBatch } from './write-batch.ts'

/** Kong's upstream_keepalive_pool_size, …_idle_timeout and …_max_requests. */
const MAX_IDLE = 512
const IDLE_TIMEOUT = 60_000
const MAX_REQUESTS = 10_000

/** Connections to upstream servers; the idle ones are kept by where they lead. */
export class UpstreamPool {
  readonly #writes: WriteBatch
  readonly #idle = new Map<string, UpstreamConnection[]>()

  constructor(writes: WriteBatch) {
    this.#writes = writes
  }

  /** An idle connection, the one used last first; undefined when there is none. */
  take(peer: Peer, listener: UpstreamListener): UpstreamConnection | undefined {
    const connection = this.#idle.get(peer.key)?.pop()
    connection?.adopt(listener)
    return connection
  }

  connect(peer: Peer, listener: UpstreamListener, connectTimeout: number): UpstreamConnection {
    return new UpstreamConnection({ peer, listener, connectTimeout, writes: this.#writes })
  }

  put({ key }: Peer, connection: UpstreamConnection): void {
    const idle = this.#idle.get(key) ?? []
    if (idle.length >= MAX_IDLE || connection.requests >= MAX_REQUESTS) {
      connection.destroy()
      return
    }
    this.#idle.set(key, idle)
    idle.push(connection)
    connection.rest(() => this.#forget(key, connection), IDLE_TIMEOUT)
  }

  close(): void {
    for (const idle of this.#idle.values()) for (const connection of idle) connection.destroy()
    this.#idle.clear()
  }

  #forget(key: string, connection: UpstreamConnection): void {
    const idle = this.#idle.get(key)
    const at = idle?.indexOf(connection) ?? -1
    if (at >= 0) idle?.splice(at, 1)
    if (idle?.length === 0) this.#idle.delete(key)
  }
}
