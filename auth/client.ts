import type { Context } from 'koa'

/** Where a request comes from, as far as one can tell. */
export interface Client {
  address: string
  userAgent: string
  requestId: string | undefined
}

const MAX_USER_AGENT = 256

export const clientOf = (ctx: Context): Client => ({
  address: ctx.get('x-real-ip') || ctx.ip,
  userAgent: ctx.get('user-agent').slice(0, MAX_USER_AGENT),
  requestId: ctx.state.requestId,
})
