import { hash, timingSafeEqual } from 'node:crypto'
import type { Middleware } from 'koa'
import { HttpError } from '../errors.ts'

const digest = (text: string) => hash('sha256', text, 'buffer')

/** Lets through only what comes from the gateway. Digests are compared, so neither the content nor the length of the secret shows in the time. */
export function requireGatewayToken(secret: string): Middleware {
  const expected = digest(secret)
  return function gatewayToken(ctx, next) {
    if (!timingSafeEqual(digest(ctx.get('x-gateway-token')), expected)) {
      throw new HttpError(401, 'NOT_FROM_GATEWAY', 'Requests enter through the gateway')
    }
    return next()
  }
}
