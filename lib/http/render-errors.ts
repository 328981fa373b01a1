import type { Middleware } from 'koa'
import { HttpError, Unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import { isUnavailable } from '../unavailable.ts'

/** The one place where an error becomes an answer, in the form that all services share. */
export function renderErrors(log: Log): Middleware {
  return async function errors(ctx, next) {
    try {
      await next()
      if (ctx.status === 404 && ctx.body == null) throw new HttpError(404, 'NOT_FOUND', 'Not found')
      if (ctx.status === 405) throw new HttpError(405, 'METHOD_NOT_ALLOWED', 'Method not allowed')
    } catch (thrown) {
      const error = asHttpError(thrown)
      if (error.status === 503) log.warn('request refused', { reason: String(thrown), method: ctx.method })
      else if (error.status >= 500) log.error('request failed', { error: thrown, method: ctx.method })
      ctx.status = error.status
      ctx.set(error.headers)
      ctx.body = {
        status: 'error',
        message: error.expose ? error.message : 'Internal server error',
        code: error.code,
        ...(error.errors && { errors: error.errors }),
        requestId: ctx.state.requestId,
      }
    }
  }
}

function asHttpError(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown
  if (isUnavailable(thrown)) return new Unavailable('A dependency', thrown)
  return new HttpError(500, 'INTERNAL', 'Internal server error', { cause: thrown })
}
