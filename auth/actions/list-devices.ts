import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { paging } from '../../lib/http/paging.ts'
import type { Dependencies } from '../dependencies.ts'
import { deviceHash } from '../device-cookie.ts'
import { countDevices, type DeviceRow, listDevices } from '../queries/devices.ts'

/** `GET /api/v1/auth/devices`: where the caller's second factor need not be shown at every login. */
export function listOwnDevices({ db, cookieKey }: Pick<Dependencies, 'db' | 'cookieKey'>): Middleware {
  return async function listsDevices(ctx) {
    const { userID } = caller(ctx)
    const { page, limit, offset } = paging(ctx)
    const hash = deviceHash(ctx, cookieKey)
    const [rows, total] = await Promise.all([
      listDevices(db, userID, { limit, offset, hash }),
      countDevices(db, userID),
    ])
    ctx.body = { status: 'success', data: rows.map(toView), meta: { page, limit, total } }
  }
}

const toView = ({ id, device, address, verified_at, last_used_at, expires_at, current }: DeviceRow) => ({
  id,
  device,
  address,
  rememberedAt: verified_at,
  lastUsedAt: last_used_at,
  expiresAt: expires_at,
  current,
})
