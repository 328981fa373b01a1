import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { paging } from '../../lib/http/paging.ts'
import type { Dependencies } from '../dependencies.ts'
import { type AllowedApp, countAllowedApps, listAllowedApps as list } from '../queries/oidc-grants.ts'
import { SCOPES } from './scopes.ts'

/** `GET /api/v1/auth/grants`: the apps that the caller has allowed something, by name. */
export function listAllowedApps({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function listsAllowedApps(ctx) {
    const { userID } = caller(ctx)
    const { page, limit, offset } = paging(ctx)
    const [rows, total] = await Promise.all([list(db, userID, { limit, offset }), countAllowedApps(db, userID)])
    ctx.body = { status: 'success', data: rows.map(toView), meta: { page, limit, total } }
  }
}

const toView = ({ id, name, scopes, offline, since, last_used_at }: AllowedApp) => ({
  id,
  name,
  scopes: SCOPES.filter((scope) => scopes.includes(scope)),
  offline,
  since,
  lastUsedAt: last_used_at,
})
