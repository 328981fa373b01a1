import { hash, timingSafeEqual } from 'node:crypto'
import type Koa from 'koa'
import Provider from 'oidc-provider'
import type { Log } from '../../lib/log.ts'
import { isUnavailable } from '../../lib/unavailable.ts'
import { configuration } from './configuration.ts'
import { endOwnSessions, type SignOutParts } from './end-own-sessions.ts'
import { type OidcKey, toPrivateJwk } from './keys.ts'
import { limitPages } from './pages.ts'

export interface ProviderParts extends SignOutParts {
  issuer: string
  log: Log
}

/** An OpenID provider for these keys, the one that signs first. All it knows is in Postgres, so that many can serve at once. */
export function createProvider({ issuer, log, ...parts }: ProviderParts, keys: OidcKey[]): Provider {
  const provider = new Provider(issuer, configuration({ ...parts, jwks: { keys: keys.map(toPrivateJwk) } }))
  speakForIssuer(provider)
  compareHashedSecrets(provider)
  provider.use(limitPages)
  provider.use(endOwnSessions(provider, parts))
  const app: Koa = provider
  app.on('error', (error) => log.warn('response failed', { error }))
  provider.on('server_error', (ctx, error) => {
    if (!isUnavailable(error)) return log.error('request failed', { error, path: ctx.path })
    log.warn('request refused', { reason: String(error), path: ctx.path })
    if (ctx.status !== 500) return
    ctx.status = 503
    ctx.set('Retry-After', '5')
  })
  return provider
}

/** Addresses in answers come from the configuration, never from the request; TLS ends before us. */
function speakForIssuer({ issuer, request }: Provider): void {
  Object.defineProperties(request, { href: { get: () => issuer }, secure: { get: () => true } })
}

/** Of a client's secret only its SHA-256 is known. */
function compareHashedSecrets({ Client }: Provider): void {
  Client.prototype.compareClientSecret = function compareClientSecret(actual: string) {
    const expected = Buffer.from(this.clientSecret ?? '', 'hex')
    const given = hash('sha256', actual, 'buffer')
    return expected.length === given.length && timingSafeEqual(given, expected)
  }
}
