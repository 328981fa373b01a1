import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { authorized } from '../../../session/session.ts'

export interface ServiceStatus {
  name: string
  state: 'ready' | 'not_ready' | 'away'
  failing: string[]
  startedAt: string | null
  /** Absent where the service states no events. */
  outboxWaiting?: number | null
}

export interface Bus {
  groups: { group: string; members: number; lag: number; topics: { topic: string; lag: number }[] }[]
  deadLetters: { topic: string; count: number }[]
}

const SERVICES_REFRESH_MS = 5_000
const BUS_REFRESH_MS = 10_000

export const useServices = () => useOperations<ServiceStatus[]>('services', SERVICES_REFRESH_MS)
export const useBus = () => useOperations<Bus>('bus', BUS_REFRESH_MS)

const useOperations = <Data>(name: string, refetchInterval: number) =>
  useQuery({
    queryKey: ['operations', name],
    queryFn: async ({ signal }) => (await authorized<Data>(`/api/v1/operations/${name}`, { signal })).data,
    refetchInterval,
    placeholderData: keepPreviousData,
  })
