import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unlessGone } from '../../../api/errors.ts'
import { authorized } from '../../../session/session.ts'
import { sensitive } from '../../../session/step-up.ts'

export const ROLES = ['staff', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What staff should know of how a member signs in. */
export interface Account {
  roles: Role[]
  hasPassword: boolean
  mfa: { enabled: boolean }
  lockedUntil: string | null
  lastSignInAt: string | null
}

const pathOf = (userID: string) => `/api/v1/auth/accounts/${userID}`

/** Null for a member who has no account (yet). */
export const useAccount = (userID: string) =>
  useQuery({
    queryKey: [pathOf(userID)],
    queryFn: async () => (await unlessGone(authorized<Account>(pathOf(userID))))?.data ?? null,
  })

/** Wants a fresh second factor. */
export function useUnlock(userID: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => sensitive(`${pathOf(userID)}/unlock`, { method: 'POST' }),
    onSettled: () => queries.invalidateQueries({ queryKey: [pathOf(userID)] }),
  })
}

/** Wants a fresh second factor. */
export function useRoles(userID: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (roles: Role[]) => sensitive(`${pathOf(userID)}/roles`, { method: 'PUT', body: { roles } }),
    onSettled: () => queries.invalidateQueries({ queryKey: [pathOf(userID)] }),
  })
}
