import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { authorized } from '../../../session/session.ts'
import { sensitive } from '../../../session/step-up.ts'

export interface Key {
  kid: string
  state: 'next' | 'signing' | 'verifying' | 'expired'
  since: string
  retirableFrom: string | null
}

export const CHANGES = ['rotate', 'retire'] as const
export type Change = (typeof CHANGES)[number]

const PATH = '/api/v1/auth/keys'
const REFRESH_MS = 15_000

export const useKeys = () =>
  useQuery({
    queryKey: [PATH],
    queryFn: async ({ signal }) => (await authorized<Key[]>(PATH, { signal })).data,
    refetchInterval: REFRESH_MS,
  })

/** Wants a fresh second factor. A rotation is from the key that was seen to sign: of two admins who saw the same one, one rotates. */
export function useChange(seen: Key[]) {
  const queries = useQueryClient()
  const signing = seen.find(({ state }) => state === 'signing')?.kid
  return useMutation({
    mutationFn: (how: Change) =>
      sensitive(`${PATH}/${how}`, { method: 'POST', body: how === 'rotate' ? { signing } : undefined }),
    onSettled: () => queries.invalidateQueries({ queryKey: [PATH] }),
  })
}
