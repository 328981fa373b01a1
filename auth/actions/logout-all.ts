import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { clearDeviceCookie } from '../device-cookie.ts'
import { clearSessionCookies } from '../session-cookies.ts'
import { signOut } from '../sign-out.ts'

/** `POST /api/v1/auth/logout-all`: ends all of the caller's sessions, this one too, and forgets the devices. */
export function logoutAll({ db, revocations }: Pick<Dependencies, 'db' | 'revocations'>): Middleware {
  return async function logsOutAll(ctx) {
    const sessions = await signOut({ db, revocations }, { accountID: caller(ctx).userID }, clientOf(ctx))
    clearSessionCookies(ctx)
    clearDeviceCookie(ctx)
    ctx.body = { status: 'success', message: 'Signed out everywhere', data: { sessions } }
  }
}
