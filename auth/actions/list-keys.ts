import type { Middleware } from 'koa'
import type { Dependencies } from '../dependencies.ts'

/** `GET /api/v1/auth/keys`: where each signing key stands. */
export function listKeys({ keyManagement }: Pick<Dependencies, 'keyManagement'>): Middleware {
  return async function listsKeys(ctx) {
    ctx.body = { status: 'success', data: await keyManagement.list() }
  }
}
