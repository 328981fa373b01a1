import type {
  Acl,
  BasicAuthCredential,
  Consumer,
  Entities,
  JwtSecret,
  KeyAuthCredential,
  PluginEntity,
} from './entities.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { Vault } from './vault.ts'

/**
 * A gateway plugin: one function a phase, as in Kong. `priority` orders plugins within a phase, the greatest first.
 * `rewrite` runs for global instances only, before routing, and cannot answer. `access` may answer instead of the upstream.
 * A phase that can be synchronous is: only a promise is waited for.
 */
export interface Plugin<Config = Record<string, unknown>, Prepared = Config> {
  name: string
  priority: number
  /** Turns the declared config into what the phases take (compiled patterns, parsed keys): once per load, not per request. */
  prepare?(config: Config, gateway: Gateway, plugin: PluginEntity): Prepared
  rewrite?(config: Prepared, exchange: Exchange, gateway: Gateway): void
  access?(config: Prepared, exchange: Exchange, gateway: Gateway): Answer | undefined | Promise<Answer | undefined>
  /** The response head may be changed; it is also run for the gateway's own answers. */
  headerFilter?(config: Prepared, exchange: Exchange, gateway: Gateway): void
  /** False where this instance leaves every body alone; without it, each instance with a `bodyFilter` filters. */
  filtersBody?(config: Prepared): boolean
  /** Takes each piece of the body and gives what is sent in its place; `last` marks the end (the piece may then be empty). */
  bodyFilter?(config: Prepared, exchange: Exchange, piece: Buffer, last: boolean, gateway: Gateway): Buffer
  /** After the answer has been sent. */
  log?(config: Prepared, exchange: Exchange, gateway: Gateway): void
}

/** What a plugin may ask of the gateway it runs in. One per worker; lookups are by index, never a scan. */
export interface Gateway {
  readonly nodeId: string
  /** By id or username, as Kong's `anonymous` fields name them. */
  consumer(idOrName: string): Consumer | undefined
  keyAuthCredential(key: string): KeyAuthCredential | undefined
  jwtSecret(key: string): JwtSecret | undefined
  basicAuthCredential(username: string): BasicAuthCredential | undefined
  acls(consumerId: string): readonly Acl[]
  /** Shared by all workers of this node, as the cache. */
  counters: Counters
  cache: Cache
  /** A connection by its settings; the same settings give the same connection. Its commands fail fast while Redis is away. */
  redis(settings: RedisSettings): import('ioredis').Redis
  /** What `{vault://…}` in a config stands for, where these vaults are declared. */
  vault(declared: Entities['vaults']): Vault
  /** The metrics registry behind `GET /metrics`. */
  metrics: import('prom-client').Registry
  log: Log
  /** Aborted when the worker ends: what waits to be sent is sent now, or never. */
  closing: AbortSignal
  /** Milliseconds since the epoch; the tests' clock. */
  now(): number
}

/** Counters with a life span, atomic across the node's workers. */
export interface Counters {
  get(key: string): number
  /** Adds and returns the new value; a key that is new, or has expired, starts at 0 and lives `lifeSpan` milliseconds. */
  increment(key: string, by: number, lifeSpan: number): number
}

/** What is worth keeping, in bounded memory: what has not been asked for the longest makes room. */
export interface Cache {
  get(key: string): Buffer | undefined
  /** `lifeSpan`: milliseconds. */
  set(key: string, value: Uint8Array, lifeSpan: number): void
  delete(key: string): void
  clear(): void
}

export interface RedisSettings {
  host: string
  port: number
  database: number
  username?: string | null
  password?: string | null
  ssl?: boolean | null
  ssl_verify?: boolean | null
  server_name?: string | null
  /** Milliseconds. */
  timeout?: number
}

export interface Log {
  debug(message: string, details?: Record<string, unknown>): void
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  error(message: string, details?: Record<string, unknown>): void
}
