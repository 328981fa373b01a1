import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { authorized } from '../../../session/session.ts'

export interface PluginInForce {
  name: string
  scope: 'global' | 'service' | 'route'
  consumer?: string
  settings: Record<string, unknown>
}

export interface Route {
  id: string
  name: string | null
  service: string | null
  methods: string[] | null
  hosts: string[] | null
  paths: string[] | null
  plugins: PluginInForce[]
}

interface Gateway {
  node: { version: string; hostname: string }
  routes: Route[]
}

export type Period = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year'

export interface Limit {
  period: Period
  limit: number
  used: number | null
  resetsAt: string
}

export interface Partner {
  id: string
  username: string | null
  groups: string[]
  quota: { group: string; limits: Limit[] } | null
}

const ROUTES_REFRESH_MS = 30_000
const PARTNERS_REFRESH_MS = 5_000
export const PARTNERS_PAGE = 20

export const useGateway = () =>
  useQuery({
    queryKey: ['gateway'],
    queryFn: async ({ signal }) => (await authorized<Gateway>('/api/v1/operations/gateway', { signal })).data,
    refetchInterval: ROUTES_REFRESH_MS,
  })

export const usePartners = (page: number) =>
  useQuery({
    queryKey: ['partners', page],
    queryFn: async ({ signal }) => {
      const path = `/api/v1/operations/partners?page=${page}&limit=${PARTNERS_PAGE}`
      const { data, meta } = await authorized<Partner[]>(path, { signal })
      return { partners: data, total: meta.total ?? 0 }
    },
    refetchInterval: PARTNERS_REFRESH_MS,
    placeholderData: keepPreviousData,
  })
