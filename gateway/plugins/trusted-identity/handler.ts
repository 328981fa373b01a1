import type { Redis } from 'ioredis'
import { errorAnswer } from '../../error-answer.ts'
import type { Answer, Exchange } from '../../exchange.ts'
import type { Gateway, Plugin, RedisSettings } from '../../plugin.ts'
import { toBytes } from '../../router/normalise.ts'
import { type Identity, identityOf } from './identity.ts'
import { removeIdentity, removeOwn } from './identity-headers.ts'
import { createRevocations, type Revocations } from './revocations.ts'

interface Config {
  /** Any of these. */
  roles: string[] | null
  /** All of these. */
  amr: string[] | null
  gateway_token: string
  /** Without a host no session is ever refused as revoked. */
  redis: RedisSettings & { host: string | null }
  on_redis_error: 'allow' | 'deny'
}

interface Prepared {
  roles: readonly string[]
  amr: readonly string[]
  token: string
  revocations: Revocations | undefined
  deny: boolean
}

const CHALLENGE = { 'WWW-Authenticate': 'Bearer error="invalid_token"' }

/** Instances with the same connection share what they know of sessions. */
const revocationsOf = new WeakMap<Redis, Revocations>()

function prepare({ roles, amr, gateway_token, redis, on_redis_error }: Config, gateway: Gateway): Prepared {
  const connection = redis.host === null ? undefined : gateway.redis(redis)
  const revocations = connection && (revocationsOf.get(connection) ?? createRevocations(connection, gateway.now))
  if (connection && revocations) revocationsOf.set(connection, revocations)
  return { roles: roles ?? [], amr: amr ?? [], token: gateway_token, revocations, deny: on_redis_error === 'deny' }
}

const unauthorized = (exchange: Exchange) => errorAnswer(exchange, 401, 'Unauthorized', CHALLENGE)

function tellUpstream({ upstream: { headers } }: Exchange, identity: Identity): void {
  headers.set('X-User-Id', toBytes(identity.userId))
  if (identity.email) headers.set('X-User-Email', toBytes(identity.email))
  headers.set('X-User-Roles', toBytes(identity.roles.join(',')))
  headers.set('X-User-Amr', toBytes(identity.amr.join(',')))
  if (identity.sessionId) headers.set('X-Session-Id', toBytes(identity.sessionId))
}

function checkPolicy({ roles, amr }: Prepared, exchange: Exchange, identity: Identity): Answer | undefined {
  if (roles.length > 0 && !roles.some((role) => identity.roles.includes(role)))
    return errorAnswer(exchange, 403, 'You cannot consume this service')
  const missing = amr.filter((method) => !identity.amr.includes(method))
  return missing.length === 0
    ? undefined
    : errorAnswer(exchange, 403, `Authentication by ${missing.join(', ')} is required`)
}

async function checkLater(config: Prepared, exchange: Exchange, pending: Promise<boolean>) {
  try {
    return (await pending) ? unauthorized(exchange) : undefined
  } catch {
    return config.deny ? errorAnswer(exchange, 503, 'Sessions cannot be checked') : undefined
  }
}

function checkSession(config: Prepared, exchange: Exchange, { sessionId }: Identity) {
  if (config.revocations === undefined || sessionId === undefined) return undefined
  const revoked = config.revocations.isRevoked(sessionId)
  if (typeof revoked !== 'boolean') return checkLater(config, exchange, revoked)
  return revoked ? unauthorized(exchange) : undefined
}

export const handler: Plugin<Config, Prepared> = {
  name: 'trusted-identity',
  /** Below acl (950), and above rate-limiting (910), which can then count by X-User-Id. */
  priority: 940,
  prepare,

  rewrite(_config, { request, upstream }) {
    removeIdentity(request.headers)
    removeIdentity(upstream.headers)
  },

  access(config, exchange) {
    // Where this instance stands without a global one, nothing has been stripped yet.
    removeOwn(exchange.upstream.headers)
    exchange.upstream.headers.set('X-Gateway-Token', config.token)
    if (exchange.claims === undefined)
      return config.roles.length > 0 || config.amr.length > 0 ? unauthorized(exchange) : undefined
    const identity = identityOf(exchange.claims)
    if (identity === undefined) return unauthorized(exchange)
    tellUpstream(exchange, identity)
    return checkPolicy(config, exchange, identity) ?? checkSession(config, exchange, identity)
  },
}
