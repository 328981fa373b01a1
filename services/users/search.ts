import type { Knex } from 'knex'
import type { UserStatus } from './events.ts'
import { COLUMNS } from './queries.ts'
import { orderOf, type Sort } from './sorting.ts'
import type { User } from './user.ts'

/** As many matches as are looked at: whoever has more in front of them narrows the search. */
const MOST = 500

export interface Search {
  userID?: string
  search?: string
  status?: UserStatus
}

export interface Found {
  users: User[]
  total: number
  /** There are more than `total`. */
  totalIsMinimum?: true
}

/** As the index in migrations/003-search.sql has it. */
const TEXT = "name || E'\\n' || email || E'\\n' || phone_number"

/**
 * Of many matches the newest (sorted by oldest first: the oldest), in the wished order. Walking rows by age finds
 * hundreds of many matches soon; by name it would not: those who match "som" are all at one place there.
 */
export async function searchUsers(
  db: Knex,
  search: Search,
  { sort, limit, offset }: { sort: Sort; limit: number; offset: number },
): Promise<Found> {
  const hits = matching(db, search)
    .orderBy(orderOf(sort === 'createdAt' ? sort : '-createdAt'))
    .limit(MOST + 1)
  const ids: string[] = await hits.pluck('id')
  const order = orderOf(sort)
  const users = await db('users')
    .select<User[]>(COLUMNS)
    .whereRaw('id = any(?::uuid[])', [ids.slice(0, MOST)])
    .whereNot('status', 'deleted')
    .orderBy(order)
    .limit(limit)
    .offset(offset)
  return { users, total: Math.min(ids.length, MOST), ...(ids.length > MOST && { totalIsMinimum: true }) }
}

function matching(db: Knex, { userID, search, status }: Search): Knex.QueryBuilder {
  const query = db('users').whereNot('status', 'deleted')
  if (userID) query.where('id', userID)
  if (status) query.where('status', status)
  if (search) query.whereRaw(`(${TEXT}) ilike any (?::text[])`, [patterns(asStored(search))])
  return query
}

/** Trigrams find any part of three characters, and less where a word begins. */
function patterns(search: string): string[] {
  const text = escapeLike(search)
  return search.length < 3 ? [`${text}%`, `% ${text}%`, `%\n${text}%`] : [`%${text}%`]
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/** Whoever types a Thai number as it is dialled means the one that is stored with +66. */
const asStored = (search: string) =>
  /^0[\d\s()-]+$/.test(search) ? `+66${search.slice(1).replace(/\D/g, '')}` : search
