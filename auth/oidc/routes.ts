import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Providers } from './providers.ts'

/** What the provider answers by itself: it reads forms (RFC 6749 §4.1.3) and has errors in a form of its own (§5.2). */
export function openIdRoutes({ providers }: { providers: Providers }): Router {
  const provided: Middleware = async (ctx) => {
    ctx.respond = false
    await providers.answer(ctx.req, ctx.res)
  }
  return new Router()
    .get(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'], provided)
    .all('/oauth2/*endpoint', provided)
}
