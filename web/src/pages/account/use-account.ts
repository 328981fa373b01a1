import { useQuery } from '@tanstack/react-query'
import { unlessGone } from '../../api/errors.ts'
import { authorized } from '../../session/session.ts'
import { useMe } from '../../session/use-me.ts'

export const PROFILE = '/api/v1/users/me'
export const SESSIONS = '/api/v1/auth/sessions'
export const DEVICES = '/api/v1/auth/devices'
export const GRANTS = '/api/v1/auth/grants'

export interface Contact {
  name: string
  phoneNumber: string
}

export interface OwnProfile extends Contact {
  email: string
}

/** One of a list of somebody's own. */
export interface Listed {
  id: string
}

/** Null for who is staff only, and no member. */
export const useProfile = () =>
  useQuery({
    queryKey: [PROFILE],
    queryFn: async () => {
      const answer = await unlessGone(authorized<OwnProfile>(PROFILE))
      return answer && { ...answer.data, etag: answer.headers.get('ETag') }
    },
  })

export const useListed = <Item extends Listed>(path: string) =>
  useQuery({ queryKey: [path], queryFn: async () => (await authorized<Item[]>(`${path}?limit=100`)).data })

/** Until all parts of the page can be shown at once: one by one they would push each other down. One that failed counts as there. */
export const useIsOnTheWay = (): boolean =>
  [useProfile(), useMe(), useListed(SESSIONS), useListed(DEVICES), useListed(GRANTS)].some(
    ({ isFetched }) => !isFetched,
  )
