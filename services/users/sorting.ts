/** Each as an index has it, so that a page needs no sorting. The last of them is unique: no row is on two pages or on none. */
const SORTS = {
  createdAt: ['created_at', 'id'],
  name: ['name', 'id'],
  email: ['email'],
  status: ['status', 'created_at', 'id'],
}

type Field = keyof typeof SORTS
export type Sort = Field | `-${Field}`

export const sorts = Object.keys(SORTS).flatMap((field) => [field, `-${field}`]) as Sort[]

export interface Order {
  column: string
  order: 'asc' | 'desc'
}

export function orderOf(sort: Sort): Order[] {
  const order = sort.startsWith('-') ? 'desc' : 'asc'
  return SORTS[sort.replace('-', '') as Field].map((column) => ({ column, order }))
}

/** The same rows from the other end. */
export const reversed = (sort: Sort): Sort => (sort.startsWith('-') ? sort.slice(1) : `-${sort}`) as Sort
