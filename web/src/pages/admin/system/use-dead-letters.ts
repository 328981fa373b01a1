import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { authorized } from '../../../session/session.ts'
import { sensitive } from '../../../session/step-up.ts'
import { AUDIT } from './use-audit.ts'

export interface DeadLetter {
  id: string
  eventID: string
  topic: string
  group?: string
  parkedAt: string
  attempts: number
  reason: string
}

export type Settlement = 'replay' | 'drop'

const PATH = '/api/v1/operations/dead-letters'
const KEY = ['operations', 'dead-letters']
const REFRESH_MS = 15_000

/** Of one topic, or of all. */
export const useDeadLetters = (topic: string) =>
  useQuery({
    queryKey: [...KEY, topic],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ limit: '100', ...(topic && { topic }) })
      return (await authorized<DeadLetter[]>(`${PATH}?${query}`, { signal })).data
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  })

/** Each of these wants a fresh second factor. */
export function useSettlement(onSuccess: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, how }: { id: string; how: Settlement }) =>
      how === 'drop'
        ? sensitive(`${PATH}/${id}`, { method: 'DELETE' })
        : sensitive(`${PATH}/${id}/replay`, { method: 'POST' }),
    onSuccess,
    onSettled: () => queries.invalidateQueries({ queryKey: ['operations'] }),
  })
}

/** Personal data: asked for each time, and kept nowhere but in the record of who has seen it. */
export function useData() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (id: string) => (await sensitive<DeadLetter & { data: string | null }>(`${PATH}/${id}`)).data,
    onSettled: () => queries.invalidateQueries({ queryKey: AUDIT }),
    gcTime: 0,
  })
}
