import type { Middleware } from 'koa'

/**
 * What a service answers is somebody's, so no cache keeps it (RFC 9111 §5.2.2.5). What has a version may stay in the browser
 * of whoever asked, which asks each time whether it still holds. What is for everybody says so itself.
 */
export const cacheControl: Middleware = async (ctx, next) => {
  await next()
  if (ctx.response.get('Cache-Control')) return
  ctx.set('Cache-Control', ctx.response.get('ETag') ? 'private, no-cache' : 'no-store')
}
