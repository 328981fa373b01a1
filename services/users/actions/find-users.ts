import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { paging } from '../../../lib/http/paging.ts'
import { validator } from '../../../lib/schema.ts'
import type { UserStatus } from '../events.ts'
import { countUsers, listUsers, type Sort, sorts } from '../search.ts'
import { STATUSES, toView } from '../user.ts'

interface Query {
  userID: string
  search: string
  status: UserStatus
  sort: Sort
  page: string
  limit: string
}

/** `page` and `limit` are judged by `paging`. */
const validate: (query: unknown) => Partial<Query> = validator<Query>({
  type: 'object',
  properties: {
    userID: { type: 'string', format: 'uuid' },
    search: { type: 'string', maxLength: 200, format: 'single-line' },
    status: { type: 'string', enum: STATUSES },
    sort: { type: 'string', enum: sorts },
    page: { type: 'string' },
    limit: { type: 'string' },
  },
  required: [],
  additionalProperties: false,
})

export function findUsers({ db }: { db: Knex }): Middleware {
  return async (ctx) => {
    const { userID, search, status, sort = '-createdAt' } = validate({ ...ctx.query })
    const { page, limit, offset } = paging(ctx)
    const filter = { userID, search: search?.trim(), status }
    const [users, total] = await Promise.all([listUsers(db, filter, { sort, limit, offset }), countUsers(db, filter)])
    ctx.body = { status: 'success', data: users.map(toView), meta: { page, limit, total } }
  }
}
