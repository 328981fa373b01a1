import type { Context } from 'koa'
import { keyedHash } from '../lib/seal.ts'
import { AUTH_PATH, clearCookie, isEqual, setCookie } from './cookies.ts'
import { hashOf } from './opaque-token.ts'

const DEVICE = { name: '__Secure-jade_device', path: AUTH_PATH, httpOnly: true }

export const setDeviceCookie = (ctx: Context, key: Buffer, token: string): void =>
  setCookie(ctx, DEVICE, `${token}.${signatureOf(token, key)}`)

export const clearDeviceCookie = (ctx: Context): void => clearCookie(ctx, DEVICE)

/** By which the device is known; undefined where there is no cookie, or one that we have not signed. */
export function deviceHash(ctx: Context, key: Buffer): Buffer | undefined {
  const [token = '', signature = ''] = (ctx.cookies.get(DEVICE.name) ?? '').split('.')
  return isEqual(signature, signatureOf(token, key)) ? hashOf(token) : undefined
}

const signatureOf = (token: string, key: Buffer): string => keyedHash(`device ${token}`, key)
