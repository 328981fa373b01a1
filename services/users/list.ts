import type { Knex } from 'knex'
import type { UserStatus } from './events.ts'
import { COLUMNS } from './queries.ts'
import { orderOf, reversed, type Sort } from './sorting.ts'
import type { User } from './user.ts'

interface Page {
  status?: UserStatus
  sort: Sort
  limit: number
  offset: number
  /** How many there are, whatever the page. */
  total: number
}

/** Ids from an index alone, counted from the end that is nearer; then only the rows of the page are read. */
export function listUsers(db: Knex, { status, sort, limit, offset, total }: Page): Promise<User[]> {
  const size = Math.min(limit, total - offset)
  if (size <= 0) return Promise.resolve([])
  const after = total - offset - size
  const [way, skipped] = after < offset ? [reversed(sort), after] : [sort, offset]
  const ids = members(db, status).select('id').orderBy(orderOf(way)).limit(size).offset(skipped)
  return db('users').select<User[]>(COLUMNS).whereIn('id', ids).orderBy(orderOf(sort))
}

/** Of no status, all but the deleted. */
export function members(db: Knex, status?: UserStatus): Knex.QueryBuilder {
  const query = db('users').whereNot('status', 'deleted')
  return status ? query.where('status', status) : query
}
