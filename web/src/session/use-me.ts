import { useQuery } from '@tanstack/react-query'
import type { Me } from './me.ts'
import { authorized } from './session.ts'

export const ME = '/api/v1/auth/me'

export const useMe = () => useQuery({ queryKey: [ME], queryFn: async () => (await authorized<Me>(ME)).data })

/** What the gateway refuses others is not offered to them. */
export const useIsAdmin = (): boolean => useMe().data?.roles.includes('admin') ?? false
