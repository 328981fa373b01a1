import type { Context } from 'koa'
import { HttpError } from '../errors.ts'

/** Who is calling, as the gateway has established it. */
export interface Caller {
  userID: string
  email: string
  roles: string[]
  amr: string[]
  sessionID: string
}

const list = (value: string) => value.split(',').filter(Boolean)

/** The signed-in user. A route that gets here without one is declared without `jwt` in kong.yaml: that is a 401, never a guess. */
export function caller(ctx: Context): Caller {
  const userID = ctx.get('x-user-id')
  if (!userID) throw new HttpError(401, 'UNAUTHENTICATED', 'Sign in first')
  return {
    userID,
    email: ctx.get('x-user-email'),
    roles: list(ctx.get('x-user-roles')),
    amr: list(ctx.get('x-user-amr')),
    sessionID: ctx.get('x-session-id'),
  }
}
