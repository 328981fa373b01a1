import type { Context } from 'koa'
import { deviceLabel } from './device-label.ts'

/** Where a request comes from, as far as one can tell. */
export interface Client {
  address: string
  userAgent: string
  /** What people know it by. */
  device: string
  requestId: string | undefined
}

const MAX_USER_AGENT = 256

export function clientOf(ctx: Context): Client {
  const userAgent = ctx.get('user-agent').slice(0, MAX_USER_AGENT)
  return {
    address: ctx.get('x-real-ip') || ctx.ip,
    userAgent,
    device: deviceLabel(userAgent),
    requestId: ctx.state.requestId,
  }
}
