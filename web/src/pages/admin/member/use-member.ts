import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { authorized } from '../../../session/session.ts'
import { sensitive } from '../../../session/step-up.ts'
import type { Member, Status } from '../members/member.ts'
import { MEMBERS } from '../members/use-members.ts'

/** A member and the version that was read: what a change is based on. */
export interface Versioned {
  member: Member
  etag: string
}

export type Changes = Partial<Pick<Member, 'name' | 'email' | 'phoneNumber' | 'status'>>

const pathOf = (userID: string) => `/api/v1/users/${userID}`
const keyOf = (userID: string) => ['member', userID]

export const useMember = (userID: string) =>
  useQuery({
    queryKey: keyOf(userID),
    queryFn: async (): Promise<Versioned> => {
      const { data, headers } = await authorized<Member>(pathOf(userID))
      return { member: data, etag: headers.get('ETag') ?? '*' }
    },
  })

/** Shows the change at once, and takes it back where the server refuses it; what somebody else changed meanwhile is then shown. */
export function useChange(userID: string) {
  const queries = useQueryClient()
  const key = keyOf(userID)
  return useMutation({
    mutationFn: ({ changes, etag }: { changes: Changes; etag: string }) =>
      authorized<Member>(pathOf(userID), { method: 'PATCH', body: changes, headers: { 'If-Match': etag } }),
    onMutate: async ({ changes }) => {
      await queries.cancelQueries({ queryKey: key })
      const before = queries.getQueryData<Versioned>(key)
      if (before) queries.setQueryData<Versioned>(key, { ...before, member: { ...before.member, ...changes } })
      return before
    },
    onError: (_error, _changes, before) => queries.setQueryData(key, before),
    onSettled: () =>
      Promise.all([key, [MEMBERS], historyKey(userID)].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
}

/** Wants a fresh second factor. */
export function useDeletion(userID: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => sensitive(pathOf(userID), { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [MEMBERS] }),
  })
}

export interface HistoryEntry {
  at: string
  actorID: string
  action: 'create' | 'change' | 'delete'
  fields: string[]
  statusFrom?: Status
  statusTo?: Status
}

const historyKey = (userID: string) => ['history', userID]

export const useHistory = (userID: string) =>
  useQuery({
    queryKey: historyKey(userID),
    queryFn: async () => (await authorized<HistoryEntry[]>(`${pathOf(userID)}/history?limit=100`)).data,
  })
