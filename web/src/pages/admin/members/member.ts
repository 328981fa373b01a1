export const STATUSES = ['created', 'confirmation_sent', 'confirmed', 'disabled'] as const
export type Status = (typeof STATUSES)[number]

export interface Member {
  userID: string
  name: string
  email: string
  phoneNumber: string
  status: Status
  confirmedAt: string | null
  createdAt: string
  updatedAt: string
}

export const SORTABLE = ['name', 'email', 'status', 'createdAt'] as const
export type SortField = (typeof SORTABLE)[number]
export type Sort = SortField | `-${SortField}`

/** Which members, in which order: all of it stands in the page's address. */
export interface Selection {
  search: string
  status: Status | ''
  sort: Sort
}

const NEWEST_FIRST: Sort = '-createdAt'
const FIRST = 1

/** Whatever an address says, only what the API knows is asked of it. */
export function readSelection(parameters: URLSearchParams): Selection {
  const sort = parameters.get('sort') ?? ''
  return {
    search: (parameters.get('search') ?? '').slice(0, 200),
    status: STATUSES.find((status) => status === parameters.get('status')) ?? '',
    sort: SORTABLE.some((field) => field === sort.replace(/^-/, '')) ? (sort as Sort) : NEWEST_FIRST,
  }
}

/** The other way round; what is as usual is left out. */
export function writeSelection({ search, status, sort }: Selection): URLSearchParams {
  const parameters = new URLSearchParams()
  if (search) parameters.set('search', search)
  if (status) parameters.set('status', status)
  if (sort !== NEWEST_FIRST) parameters.set('sort', sort)
  return parameters
}

/** Where in the list somebody is: the number of the first member in view. */
export function readPlace(parameters: URLSearchParams): number {
  const from = parameters.get('from') ?? ''
  return /^[1-9]\d{0,8}$/.test(from) ? Number(from) : FIRST
}

/** A selection and the place in it. */
export function writePlace(selection: Selection, from = FIRST): URLSearchParams {
  const parameters = writeSelection(selection)
  if (from !== FIRST) parameters.set('from', String(from))
  return parameters
}

/** A click on a column's head: up, then down. */
export const toggled = (sort: Sort, field: SortField): Sort => (sort === field ? `-${field}` : field)
