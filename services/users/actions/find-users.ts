import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { paging } from '../../../lib/http/paging.ts'
import { validator } from '../../../lib/schema.ts'
import type { UserStatus } from '../events.ts'
import { listUsers } from '../list.ts'
import type { MemberCounts } from '../member-counts.ts'
import { searchUsers } from '../search.ts'
import { type Sort, sorts } from '../sorting.ts'
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

export function findUsers({ db, countMembers }: { db: Knex; countMembers: MemberCounts }): Middleware {
  async function list(status: UserStatus | undefined, page: { sort: Sort; limit: number; offset: number }) {
    const total = await countMembers(status)
    return { users: await listUsers(db, { ...page, status, total }), total }
  }

  return async (ctx) => {
    const { userID, search, status, sort = '-createdAt' } = validate({ ...ctx.query })
    const { page, limit, offset } = paging(ctx)
    const wished = { userID, search: search?.trim(), status }
    const searched = wished.userID || wished.search
    const { users, ...totals } = await (searched
      ? searchUsers(db, wished, { sort, limit, offset })
      : list(status, { sort, limit, offset }))
    ctx.body = { status: 'success', data: users.map(toView), meta: { page, limit, ...totals } }
  }
}
