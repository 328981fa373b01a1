import type { Redis } from 'ioredis'
import type { Middleware } from 'koa'
import { paging } from '../../../lib/http/paging.ts'
import type { AdminApi } from '../admin-api.ts'
import { shared } from '../in-flight.ts'
import { partnersIn, withUse } from '../partners.ts'

/** `GET /api/v1/operations/partners`: the consumers that are in groups, and how much of their quotas they have used. */
export function listPartners({ admin, redis }: { admin: AdminApi; redis: Redis }): Middleware {
  const read = shared(async () => {
    const [consumers, acls, plugins] = await Promise.all([
      ...([admin.all('consumers'), admin.all('acls'), admin.all('plugins')] as const),
    ])
    return partnersIn({ consumers, acls, plugins })
  })
  return async function listsPartners(ctx) {
    const { page, limit, offset } = paging(ctx)
    const partners = await read()
    const data = await withUse(partners.slice(offset, offset + limit), { redis, time: Date.now() })
    ctx.body = { status: 'success', data, meta: { page, limit, total: partners.length } }
  }
}
