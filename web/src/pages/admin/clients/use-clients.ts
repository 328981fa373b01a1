import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../../api/request.ts'
import { authorized } from '../../../session/session.ts'
import { sensitive } from '../../../session/step-up.ts'
import type { Registration } from './draft.ts'

export interface Client extends Registration {
  clientID: string
  createdAt: string
}

const PATH = '/api/v1/auth/clients'
export const CLIENTS_PAGE = 20

/** By name. */
export const useClients = (page: number) =>
  useQuery({
    queryKey: [PATH, page],
    queryFn: async ({ signal }) => {
      const { data, meta } = await authorized<Client[]>(`${PATH}?page=${page}&limit=${CLIENTS_PAGE}`, { signal })
      return { clients: data, total: meta.total ?? 0 }
    },
    placeholderData: keepPreviousData,
  })

/** An app and the version that was read: what a change is based on. */
export interface Versioned {
  client: Client
  etag: string
}

export const useClient = (clientID: string) =>
  useQuery({
    queryKey: [PATH, 'one', clientID],
    queryFn: async ({ signal }): Promise<Versioned> => {
      const { data, headers } = await authorized<Client>(`${PATH}/${clientID}`, { signal })
      return { client: data, etag: headers.get('ETag') ?? '*' }
    },
    // What was seen when it was last edited is no base for a change.
    gcTime: 0,
  })

export type Changes = Omit<Registration, 'confidential'>

/** Wants a fresh second factor. */
export const useEdit = (clientID: string, onSuccess: () => void) =>
  useSensitive(
    ({ changes, etag }: { changes: Changes; etag: string }) =>
      sensitive<Client>(`${PATH}/${clientID}`, { method: 'PATCH', body: changes, headers: { 'If-Match': etag } }),
    onSuccess,
  )

/** What the app's authors are to get: the secret, where there is one, is in this one answer and is kept nowhere else. */
export type Credentials = Client & { clientSecret?: string }

export const CHANGES = ['renewSecret', 'remove'] as const
export type Change = (typeof CHANGES)[number]

/** Wants a fresh second factor. */
export const useRegistration = (onSuccess: (issued: Credentials) => void) =>
  useSensitive((body: Registration) => sensitive<Credentials>(PATH, { method: 'POST', body }), onSuccess)

/** Wants a fresh second factor. A removed app has no credentials. */
export const useChange = (onSuccess: (issued: Credentials | undefined, change: { client: Client }) => void) =>
  useSensitive(
    ({ how, client: { clientID } }: { how: Change; client: Client }) =>
      how === 'remove'
        ? sensitive<undefined>(`${PATH}/${clientID}`, { method: 'DELETE' })
        : sensitive<Credentials>(`${PATH}/${clientID}/secret`, { method: 'POST' }),
    onSuccess,
  )

function useSensitive<Variables, Data>(
  send: (sent: Variables) => Promise<Answer<Data>>,
  onSuccess: (data: Data, sent: Variables) => void,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (sent: Variables) => (await send(sent)).data,
    onSuccess,
    onSettled: () => queries.invalidateQueries({ queryKey: [PATH] }),
    gcTime: 0,
  })
}
