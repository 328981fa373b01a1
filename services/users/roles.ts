import { HttpError } from '../../lib/errors.ts'
import { type AskAuth, signingInUnavailable } from './auth-request.ts'
import type { Changes } from './user.ts'

/** What a member's account may do beside a member's own things. Auth says it as it is now: a copy could be too old at the wrong moment. */
export type ReadRoles = (userID: string) => Promise<string[]>

export const createReadRoles =
  (askAuth: AskAuth): ReadRoles =>
  async (userID) => {
    const { status, body } = await askAuth('GET', `/api/v1/auth/accounts/${userID}/roles`)
    const { code, data } = parsed(body)
    if (status === 200 && data) return data.roles
    if (status === 404 && code === 'ACCOUNT_NOT_FOUND') return []
    throw signingInUnavailable(new Error(`auth answered ${status}`))
  }

/** Nothing of what stands before auth while that is away. */
function parsed(body: string): { code?: string; data?: { roles: string[] } } {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

/** Whoever has the address can have a new password mailed to it, and nobody disabled can sign in. */
export const leadsToAccount = ({ email, status }: Changes): boolean => email !== undefined || status !== undefined

export const adminsOnly = () =>
  new HttpError(
    403,
    'ADMINS_ONLY',
    'The account of this member has a role: only admins may change its e-mail and status',
  )
