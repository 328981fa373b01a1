import type { Middleware } from 'koa'
import { HttpError } from '../../../lib/errors.ts'
import type { LiveCount } from '../live-count.ts'

/** `GET /api/v1/users/registrations/live`: `{perMinute}` every other second, as server-sent events (HTML Standard §9.2). */
export function watchRegistrations({ live }: { live: LiveCount }): Middleware {
  return (ctx) => {
    const events = live.listen()
    if (!events) {
      throw new HttpError(503, 'TOO_MANY_LISTENERS', 'Too many watch already', { headers: { 'Retry-After': '30' } })
    }
    ctx.type = 'text/event-stream'
    ctx.body = events
  }
}
