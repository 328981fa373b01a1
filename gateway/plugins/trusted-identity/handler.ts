import type { Redis } from 'ioredis'
import { errorAnswer } from '../../error-answer.ts'
import type { Answer, Exchange } from '../../exchange.ts'
import type { Gateway, Plugin, RedisSettings } from '../../plugin.ts'
import { toBytes } from '../../router/normalise.ts'
import { type Identity, identityOf } from './identity.ts'
import { removeIdentity, removeOwn, takesIdentityAway } from './identity-headers.ts'
import { type Policy, violation } from './policy.ts'
import { createRevocations, type Revocations } from './revocations.ts'

interface Config {
  roles: string[] | null
  amr: string[] | null
  max_auth_age: number | null
  gateway_token: string
  /** Without a host no session is ever refused as revoked. */
  redis: RedisSettings & { host: string | null }
  on_redis_error: 'allow' | 'deny'
}

interface Prepared {
  policy: Policy
  /** Whether the policy asks for anything. */
  policed: boolean
  token: string
  revocations: Revocations | undefined
  deny: boolean
}

const TAKES_IDENTITY_AWAY = 'Connection names identity headers'
const CHALLENGE = { 'WWW-Authenticate': 'Bearer error="invalid_token"' }

/** Instances with the same connection share what they know of sessions. */
const revocationsOf = new WeakMap<Redis, Revocations>()

function prepare(config: Config, gateway: Gateway): Prepared {
  const { gateway_token, redis, on_redis_error } = config
  const connection = redis.host === null ? undefined : gateway.redis(redis)
  const revocations = connection && (revocationsOf.get(connection) ?? createRevocations(connection, gateway.now))
  if (connection && revocations) revocationsOf.set(connection, revocations)
  const policy = { roles: config.roles ?? [], amr: config.amr ?? [], maxAuthAge: config.max_auth_age ?? undefined }
  const policed = policy.roles.length > 0 || policy.amr.length > 0 || policy.maxAuthAge !== undefined
  return { policy, policed, token: gateway_token, revocations, deny: on_redis_error === 'deny' }
}

const unauthorized = (exchange: Exchange) => errorAnswer(exchange, 401, 'Unauthorized', CHALLENGE)

function tellUpstream({ upstream: { headers } }: Exchange, identity: Identity): void {
  headers.set('X-User-Id', toBytes(identity.userId))
  if (identity.email) headers.set('X-User-Email', toBytes(identity.email))
  headers.set('X-User-Roles', toBytes(identity.roles.join(',')))
  headers.set('X-User-Amr', toBytes(identity.amr.join(',')))
  if (identity.sessionId) headers.set('X-Session-Id', toBytes(identity.sessionId))
}

function checkPolicy(policy: Policy, exchange: Exchange, identity: Identity): Answer | undefined {
  const refused = violation(policy, identity, exchange.startedAt / 1000)
  return refused && errorAnswer(exchange, refused.status, refused.message, refused.headers)
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
    if (takesIdentityAway(exchange.request.headers)) return errorAnswer(exchange, 400, TAKES_IDENTITY_AWAY)
    // Where this instance stands without a global one, nothing has been stripped yet.
    removeOwn(exchange.upstream.headers)
    exchange.upstream.headers.set('X-Gateway-Token', config.token)
    if (exchange.claims === undefined) return config.policed ? unauthorized(exchange) : undefined
    const identity = identityOf(exchange.claims)
    if (identity === undefined) return unauthorized(exchange)
    tellUpstream(exchange, identity)
    return checkPolicy(config.policy, exchange, identity) ?? checkSession(config, exchange, identity)
  },
}
