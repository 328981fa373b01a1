import type { Registry as MetricsRegistry } from 'prom-client'
import type { Acl, Entities } from '../entities.ts'
import type { Cache, Counters, Gateway, Log } from '../plugin.ts'
import { createVault, type Environment } from '../vault.ts'
import { createRedisConnections } from './redis.ts'

export interface GatewayOptions {
  nodeId: string
  entities: Entities
  counters: Counters
  cache: Cache
  log: Log
  metrics: MetricsRegistry
  now: () => number
  env: Environment
}

export interface ManagedGateway extends Gateway {
  /** Replaces the entities; counters, metrics and connections stay. */
  load(entities: Entities): void
  /** Closes the connections to Redis, and ends what plugins wait for. */
  close(): void
}

/** The services that plugins of one worker ask: indexes over the entities, and what outlives a reload. */
export function createGateway({ entities, env, ...given }: GatewayOptions): ManagedGateway {
  const connections = createRedisConnections(given.log)
  const closing = new AbortController()
  let index = indexOf(entities)
  return {
    ...given,
    consumer: (idOrName) => index.consumers.get(idOrName),
    keyAuthCredential: (key) => index.keys.get(key),
    jwtSecret: (key) => index.jwtSecrets.get(key),
    basicAuthCredential: (username) => index.basicAuth.get(username),
    acls: (consumerId) => index.acls.get(consumerId) ?? NONE,
    vault: (vaults) => createVault({ env, vaults }),
    redis: connections.get,
    closing: closing.signal,
    load(next) {
      index = indexOf(next)
    },
    close() {
      closing.abort()
      connections.close()
    },
  }
}

const NONE: never[] = []

function indexOf({ consumers, keyauth_credentials, jwt_secrets, basicauth_credentials, acls }: Entities) {
  return {
    // Later entries win: an id goes before a username.
    consumers: new Map([
      ...consumers.flatMap((consumer) => (consumer.username ? [[consumer.username, consumer] as const] : [])),
      ...consumers.map((consumer) => [consumer.id, consumer] as const),
    ]),
    keys: new Map(keyauth_credentials.map((credential) => [credential.key, credential])),
    jwtSecrets: new Map(jwt_secrets.map((secret) => [secret.key, secret])),
    basicAuth: new Map(basicauth_credentials.map((credential) => [credential.username, credential])),
    acls: Map.groupBy<string, Acl>(acls, ({ consumer }) => consumer.id),
  }
}
