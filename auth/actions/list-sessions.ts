import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { paging } from '../../lib/http/paging.ts'
import type { Dependencies } from '../dependencies.ts'
import { countSessions, listSessions, type SessionRow } from '../queries/sessions.ts'

/** `GET /api/v1/auth/sessions`: where the caller is signed in, the last used first. */
export function listOwnSessions({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function listsSessions(ctx) {
    const { userID, sessionID } = caller(ctx)
    const { page, limit, offset } = paging(ctx)
    const [rows, total] = await Promise.all([listSessions(db, userID, { limit, offset }), countSessions(db, userID)])
    const data = rows.map((row) => ({ ...toView(row), current: row.id === sessionID }))
    ctx.body = { status: 'success', data, meta: { page, limit, total } }
  }
}

const toView = ({ id, amr, address, device, created_at, last_used_at, expires_at }: SessionRow) => ({
  id,
  amr,
  address,
  device,
  signedInAt: created_at,
  lastUsedAt: last_used_at,
  expiresAt: expires_at,
})
