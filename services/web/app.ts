import Router from '@koa/router'
import { send } from '@koa/send'
import type { Context, Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'

/** The one document; the script in it shows the page that the address names. */
export const PAGE = 'index.html'

const YEAR_MS = 365 * 24 * 60 * 60 * 1_000

/** No inline script, nothing from elsewhere, framed by nobody (CSP Level 3). QR codes are data: images. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Which paths are pages is declared in kong.yaml: whatever comes here that is no file is one. */
export function routes({ root }: { root: string }): Router {
  return (
    new Router()
      .use(protect)
      // Their names hold a hash of their content.
      .get(/^\/assets\//, (ctx) => file(ctx, ctx.path, { root, maxAge: YEAR_MS, immutable: true }))
      .get('/favicon.svg', (ctx) => file(ctx, ctx.path, { root }))
      .get(/^\/.*$/, (ctx) => {
        ctx.set('Cache-Control', 'no-cache')
        return file(ctx, PAGE, { root })
      })
  )
}

/** Sends a file of the folder; whatever else a path names, also by climbing out of it, is not there. */
async function file(ctx: Context, path: string, options: NonNullable<Parameters<typeof send>[2]>): Promise<void> {
  await send(ctx, path, options).catch((error) => {
    throw error.expose ? new HttpError(404, 'NOT_FOUND', 'Not found', { cause: error }) : error
  })
}

const protect: Middleware = (ctx, next) => {
  ctx.set({
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    'Referrer-Policy': 'no-referrer', // addresses hold mailed tokens
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  })
  return next()
}
