import type { Middleware } from 'koa'
import type { Dependencies } from '../dependencies.ts'

const MAX_AGE_SECONDS = 300

/** `GET /api/v1/auth/jwks` and `/.well-known/jwks.json`: the public keys, as the plain JWK Set that verifiers expect (RFC 7517 §5). */
export function publishKeys({ signingKeys }: Pick<Dependencies, 'signingKeys'>): Middleware {
  return function publishesKeys(ctx) {
    ctx.set('Cache-Control', `public, max-age=${MAX_AGE_SECONDS}`)
    ctx.body = { keys: signingKeys.all().map(({ publicJwk }) => publicJwk) }
  }
}
