import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { authorized } from '../../../session/session.ts'
import type { Settlement } from './use-dead-letters.ts'

export interface AuditLine {
  id: string
  at: string
  action: 'read' | Settlement
  actorID: string
  eventID: string
  topic: string
  group: string | null
  reason: string
}

export const AUDIT = ['operations', 'audit']
export const AUDIT_PAGE = 20
const REFRESH_MS = 15_000

/** The newest first. */
export const useAudit = (page: number) =>
  useQuery({
    queryKey: [...AUDIT, page],
    queryFn: async ({ signal }) => {
      const path = `/api/v1/operations/audit?page=${page}&limit=${AUDIT_PAGE}`
      const { data, meta } = await authorized<AuditLine[]>(path, { signal })
      return { lines: data, total: meta.total ?? 0 }
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  })
