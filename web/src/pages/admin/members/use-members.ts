import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { authorized } from '../../../session/session.ts'
import { type Member, type Selection, writeSelection } from './member.ts'

const PAGE = 100

/** What every query of members begins with: a change makes them all out of date. */
export const MEMBERS = 'members'

/** How many members are selected, or that there are more than a search shows; until that is known, how many were before. */
export function useCount(selection: Selection) {
  const { data, error, isPlaceholderData } = useQuery({ ...page(selection, 0), placeholderData: keepPreviousData })
  const isKnown = data !== undefined && !isPlaceholderData
  return { total: data?.total ?? 0, isMinimum: data?.isMinimum ?? false, isKnown, error }
}

/** The members from `first` to `last` of a list that may have a million: only the pages they are on are asked for. */
export function useWindow(selection: Selection, first: number, last: number): (index: number) => Member | undefined {
  const from = Math.floor(first / PAGE)
  const numbers = Array.from({ length: Math.floor(last / PAGE) - from + 1 }, (_, index) => from + index)
  const pages = useQueries({ queries: numbers.map((number) => page(selection, number)) })
  return (index) => pages[Math.floor(index / PAGE) - from]?.data?.members[index % PAGE]
}

const page = (selection: Selection, number: number) => ({
  queryKey: [MEMBERS, selection, number],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const query = writeSelection(selection)
    query.set('page', String(number + 1))
    query.set('limit', String(PAGE))
    const { data, meta } = await authorized<Member[]>(`/api/v1/users?${query}`, { signal })
    return { members: data, total: meta.total ?? 0, isMinimum: meta.totalIsMinimum }
  },
  staleTime: 30_000,
})
