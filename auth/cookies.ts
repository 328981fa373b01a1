import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'koa'
import { hashOf } from './opaque-token.ts'

/** Cookies that only auth reads go nowhere else. */
export const AUTH_PATH = '/api/v1/auth'

const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1_000

interface Cookie {
  name: string
  path: string
  /** Whether it is kept from scripts. */
  httpOnly: boolean
}

export const setCookie = (ctx: Context, cookie: Cookie, value: string): void => write(ctx, cookie, value)

/** Nobody who has none hears of it. */
export function clearCookie(ctx: Context, cookie: Cookie): void {
  if (ctx.cookies.get(cookie.name) !== undefined) write(ctx, cookie, null)
}

function write(ctx: Context, { name, path, httpOnly }: Cookie, value: string | null): void {
  ctx.cookies.secure = true // TLS ends before us
  ctx.cookies.set(name, value, { path, httpOnly, secure: true, sameSite: 'strict', maxAge: MAX_AGE_MS })
}

/** In constant time: neither what is expected nor its length shows in how long it takes. */
export const isEqual = (given: string, expected: string): boolean => timingSafeEqual(hashOf(given), hashOf(expected))
