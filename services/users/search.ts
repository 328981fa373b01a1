import type { Knex } from 'knex'
import type { UserStatus } from './events.ts'
import { COLUMNS } from './queries.ts'
import type { User } from './user.ts'

/** Each as an index has it, so that the first page needs no sorting. */
const SORTS = { createdAt: ['created_at'], name: ['name'], email: ['email'], status: ['status', 'created_at'] }
export type Sort = keyof typeof SORTS | `-${keyof typeof SORTS}`
export const sorts = Object.keys(SORTS).flatMap((field) => [field, `-${field}`]) as Sort[]

export interface Filter {
  userID?: string
  search?: string
  status?: UserStatus
}

/** As the index in migrations/003-search.sql has it. */
const TEXT = "name || E'\\n' || email || E'\\n' || phone_number"

export const countUsers = async (db: Knex, filter: Filter): Promise<number> =>
  Number((await matching(db, filter).count<{ count: string }[]>())[0]?.count)

/** In the wished order, and by id among equals, so that no row is on two pages or on none. */
export function listUsers(
  db: Knex,
  filter: Filter,
  { sort, limit, offset }: { sort: Sort; limit: number; offset: number },
): Promise<User[]> {
  const order = sort.startsWith('-') ? 'desc' : 'asc'
  const columns = SORTS[sort.replace('-', '') as keyof typeof SORTS]
  return matching(db, filter)
    .select<User[]>(COLUMNS)
    .orderBy([...columns, 'id'].map((column) => ({ column, order })))
    .limit(limit)
    .offset(offset)
}

function matching(db: Knex, { userID, search, status }: Filter): Knex.QueryBuilder {
  const query = db('users').whereNot('status', 'deleted')
  if (userID) query.where('id', userID)
  if (status) query.where('status', status)
  if (search) query.whereRaw(`(${TEXT}) ilike ?`, [`%${escapeLike(asStored(search))}%`])
  return query
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/** Whoever types a Thai number as it is dialled means the one that is stored with +66. */
const asStored = (search: string) =>
  /^0[\d\s()-]{2,}$/.test(search) ? `+66${search.slice(1).replace(/\D/g, '')}` : search
