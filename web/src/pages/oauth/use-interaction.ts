import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { ApiError } from '../../api/errors.ts'
import { authorized } from '../../session/session.ts'
import { sensitive } from '../../session/step-up.ts'

const PAGE = '/oauth/consent'
const RESOURCE = '/api/v1/auth/interaction'

/** What an app has sent this browser for. */
export interface Interaction {
  id: string
  client: { name: string }
  scopes: string[]
}

export const useInteraction = () =>
  useQuery({
    queryKey: ['interaction'],
    queryFn: async () => (await authorized<Interaction>(RESOURCE)).data,
    gcTime: 0,
  })

/** Says whether the app may, and leaves for it. Where it wants a fresh sign-in, that comes first. */
export function useDecision(id: string | undefined) {
  const [, navigate] = useLocation()
  return useMutation({
    mutationFn: async (approved: boolean) => {
      const sent = { method: 'POST', body: { id, approved } }
      return (await sensitive<{ redirectTo: string }>(RESOURCE, sent)).data
    },
    onSuccess: ({ redirectTo }) => location.assign(redirectTo),
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'SIGN_IN_AGAIN') {
        navigate(`/sign-in?next=${encodeURIComponent(PAGE)}`)
      }
    },
  })
}
