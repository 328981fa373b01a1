import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { authorized } from '../../../session/session.ts'
import type { Role } from '../member/use-account.ts'

export interface SecurityEvent {
  id: string
  at: string
  type: string
  userID: string | null
  actorID: string | null
  roles: Role[] | null
  address: string | null
  device: string | null
}

/** Of one account or of all, of one type or of all. */
export interface Selection {
  userID: string
  type: string
}

const LIMIT = '50'

/** The newest first; older ones as they are asked for. */
export const useAudit = (selection: Selection) =>
  useInfiniteQuery({
    queryKey: ['audit', selection],
    queryFn: async ({ pageParam }: { pageParam: string | undefined }) => {
      const query = new URLSearchParams({ limit: LIMIT })
      for (const [name, value] of Object.entries({ ...selection, cursor: pageParam })) if (value) query.set(name, value)
      const { data, meta } = await authorized<SecurityEvent[]>(`/api/v1/auth/audit?${query}`)
      return { events: data, next: meta.nextCursor ?? undefined }
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
