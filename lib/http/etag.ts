import type { Context } from 'koa'
import { HttpError } from '../errors.ts'

/** Answers with a single resource under its version as ETag: 304 where the client has it already. */
export function sendVersioned(ctx: Context, version: number, data: unknown): void {
  const etag = `"${version}"`
  ctx.set('ETag', etag)
  ctx.status = 200
  if (['GET', 'HEAD'].includes(ctx.method) && isAmong(etag, ctx.get('if-none-match'))) {
    ctx.status = 304
    return
  }
  ctx.body = { status: 'success', data }
}

/** RFC 9110 §13.1.2: by weak comparison, and whatever Cache-Control says (koa's `fresh` gives in to `no-cache`, which fetch adds). */
const isAmong = (etag: string, list: string): boolean =>
  list.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)

/** The version that `If-Match` demands; undefined where any will do. Use it in the update's own `where`, so that nobody slips in between. */
export function expectedVersion(ctx: Context): number | undefined {
  const header = ctx.get('if-match')
  if (header === '' || header === '*') return undefined
  const version = /^"(\d{1,15})"$/.exec(header)?.[1]
  if (version === undefined) throw preconditionFailed()
  return Number(version)
}

export const preconditionFailed = () =>
  new HttpError(412, 'PRECONDITION_FAILED', 'The resource has changed in the meantime')
